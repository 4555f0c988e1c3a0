/** What a script means, once read: the tree that the interpreter walks. Plain data. */

/** A piece of a word. What is quoted is not split into fields. */
export type Part =
  | { readonly is: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly is: 'variable'; readonly name: string; readonly otherwise?: Word; readonly quoted: boolean }
  | { readonly is: 'output'; readonly of: Script; readonly quoted: boolean }
  | { readonly is: 'sum'; readonly expression: string; readonly quoted: boolean }
export type Word = readonly Part[]

export interface Redirect {
  readonly descriptor: 0 | 1 | 2
  readonly does: 'read' | 'write' | 'append' | 'copy'
  readonly word: Word
}
export interface Assignment {
  readonly name: string
  readonly word: Word
}

export interface SimpleCommand {
  readonly is: 'simple'
  readonly assignments: readonly Assignment[]
  readonly words: readonly Word[]
  readonly redirects: readonly Redirect[]
}
export interface Group {
  readonly is: 'group'
  readonly body: Script
  readonly redirects: readonly Redirect[]
  /** In parentheses: changes of variables stay inside. */
  readonly subshell: boolean
}
export interface If {
  readonly is: 'if'
  readonly condition: Script
  readonly then: Script
  readonly otherwise: Script
}
export interface Loop {
  readonly is: 'loop'
  readonly condition: Script
  /** `while` goes on while this is the outcome of the condition. */
  readonly goesOnWhile: boolean
  readonly body: Script
}
export interface For {
  readonly is: 'for'
  readonly name: string
  readonly words: readonly Word[]
  readonly body: Script
}
export interface Case {
  readonly is: 'case'
  readonly word: Word
  readonly arms: readonly { readonly patterns: readonly Word[]; readonly body: Script }[]
}
export type Command = SimpleCommand | Group | If | Loop | For | Case

export interface Pipeline {
  readonly negated: boolean
  readonly commands: readonly Command[]
}
/** `a && b || c`: the first always runs; each other one when what went before ended as its joint says. */
export interface AndOr {
  readonly first: Pipeline
  readonly rest: readonly { readonly after: 'success' | 'failure'; readonly pipeline: Pipeline }[]
  readonly background: boolean
}
export type Script = readonly AndOr[]
