/** `$((…))`: whole numbers, variables by name, the operators of C that scripts use. */

/** @throws RangeError on a division by zero; SyntaxError on what it cannot read. */
export function sum(expression: string, valueOf: (name: string) => string): number {
  const reader = new SumReader(expression.match(/\d+|[A-Za-z_$]\w*|&&|\|\||[<>=!]=|[-+*/%()<>!?:]/g) ?? [], valueOf)
  const result = reader.level(0)
  reader.expectEnd()
  return result
}

type Operator = (a: number, b: number) => number
const truth = (is: boolean): number => (is ? 1 : 0)
/** From the loosest to the tightest. */
const LEVELS: readonly Readonly<Record<string, Operator>>[] = [
  { '||': (a, b) => truth(a !== 0 || b !== 0) },
  { '&&': (a, b) => truth(a !== 0 && b !== 0) },
  { '==': (a, b) => truth(a === b), '!=': (a, b) => truth(a !== b) },
  {
    '<': (a, b) => truth(a < b),
    '>': (a, b) => truth(a > b),
    '<=': (a, b) => truth(a <= b),
    '>=': (a, b) => truth(a >= b),
  },
  { '+': (a, b) => a + b, '-': (a, b) => a - b },
  { '*': (a, b) => a * b, '/': (a, b) => Math.trunc(a / nonZero(b)), '%': (a, b) => a % nonZero(b) },
]

function nonZero(b: number): number {
  if (b === 0) throw new RangeError('divide by zero')
  return b
}

class SumReader {
  private at = 0
  private readonly marks: readonly string[]
  private readonly valueOf: (name: string) => string

  constructor(marks: readonly string[], valueOf: (name: string) => string) {
    this.marks = marks
    this.valueOf = valueOf
  }

  level(depth: number): number {
    const operators = LEVELS[depth]
    if (operators === undefined) return this.unary()
    let value = this.level(depth + 1)
    for (;;) {
      const operator = operators[this.marks[this.at] ?? '']
      if (operator === undefined) return value
      this.at++
      value = operator(value, this.level(depth + 1))
    }
  }

  expectEnd(): void {
    if (this.at < this.marks.length) throw new SyntaxError('arithmetic syntax error')
  }

  private unary(): number {
    const mark = this.marks[this.at++]
    if (mark === undefined) throw new SyntaxError('arithmetic syntax error')
    if (mark === '-') return -this.unary()
    if (mark === '+') return this.unary()
    if (mark === '!') return truth(this.unary() === 0)
    if (mark !== '(') return /^\d/.test(mark) ? Number(mark) : Number(this.valueOf(mark.replace('$', ''))) || 0
    const value = this.level(0)
    if (this.marks[this.at++] !== ')') throw new SyntaxError('arithmetic syntax error')
    return value
  }
}
