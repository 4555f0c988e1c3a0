import type { InlineConfig } from 'vite'

export declare function bundled(root: string, outDir: string, more?: Readonly<Record<string, string>>): InlineConfig
