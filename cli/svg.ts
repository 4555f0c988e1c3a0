/** Graphviz, in WebAssembly: the same picture on every machine. */
import { instance } from '@viz-js/viz'

/** DOT to SVG, without the lines that only a browser's header needs. */
export async function svg(dot: string): Promise<string> {
  const graphviz = await instance()
  const text = graphviz.renderString(dot, { format: 'svg' })
  return text.slice(text.indexOf('<svg'))
}
