/** Graphviz, in WebAssembly: the same picture on every machine. */
import { instance, type Viz } from '@viz-js/viz'

/** DOT to SVG, without the lines that only a file's header needs. */
export async function svg(dot: string): Promise<string> {
  graphviz ??= quietInstance()
  const text = (await graphviz).renderString(dot, { format: 'svg' })
  return text.slice(text.indexOf('<svg'))
}

let graphviz: Promise<Viz> | undefined

/** Graphviz tells stderr of arrows that it had to draw straight: nothing that a reader could do about. */
async function quietInstance(): Promise<Viz> {
  const { warn, error } = console
  console.warn = console.error = () => undefined
  try {
    return await instance()
  } finally {
    console.warn = warn
    console.error = error
  }
}
