/** Every source of the project, read and parsed once: what it imports, which functions it has, how long they are. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export const UNNAMED = '(unnamed)'

export interface Import {
  /** From the root of the repository, or the name of a package. */
  readonly from: string
  readonly isType: boolean
  /** The values taken; `*` for all. */
  readonly names: readonly string[]
}
export interface Piece {
  readonly name: string
  readonly lines: number
  /** It makes a chart: as long as the chart is. */
  readonly makesChart: boolean
}
export interface Source {
  /** From the root of the repository. */
  readonly path: string
  readonly text: string
  readonly lines: number
  readonly imports: readonly Import[]
  readonly functions: readonly Piece[]
  /** Whether it gives others a function to call. */
  readonly exportsFunctions: boolean
  /** What it uses of the language and its surroundings, by name: `Date`, `Math.random`, `async`. */
  readonly uses: ReadonlySet<string>
}

const GENERATED = /\.generated\.ts$/
const DECLARATIONS = /\.d\.ts$/

/** All TypeScript below some folders, in the order of their paths; generated data is left out. */
export function sourcesIn(...folders: readonly string[]): Source[] {
  return folders.flatMap((folder) => filesIn(folder, '.ts')).map(sourceAt)
}

/** Paths from the root of all files below a folder with an ending. */
export function filesIn(folder: string, ending: string): string[] {
  const names = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
  const paths = names.map((name) => posix.join(folder, name.replaceAll('\\', '/')))
  return paths.filter((path) => path.endsWith(ending) && !GENERATED.test(path) && !DECLARATIONS.test(path)).sort()
}

export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

function sourceAt(path: string): Source {
  const text = read(path)
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.ES2023, true)
  return {
    path,
    text,
    lines: text.split('\n').length - 1,
    imports: [...file.statements.flatMap((statement) => importsIn(statement, path)), ...lateImportsIn(file, path)],
    functions: functionsIn(file, file),
    exportsFunctions: file.statements.some(isExportedFunction),
    uses: usesIn(file, new Set()),
  }
}

function importsIn(statement: ts.Statement, path: string): Import[] {
  if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return []
  const { moduleSpecifier } = statement
  if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return []
  const from = resolved(moduleSpecifier.text, path)
  const names = namesIn(statement)
  return [{ from, names, isType: names.length === 0 && !isForItsEffects(statement) }]
}

const resolved = (text: string, path: string): string => (text.startsWith('.') ? posix.join(dirname(path), text) : text)

/** What is loaded only when it is needed: `await import('./story.ts')`. */
function lateImportsIn(node: ts.Node, path: string): Import[] {
  const below: Import[] = []
  ts.forEachChild(node, (child) => void below.push(...lateImportsIn(child, path)))
  if (!ts.isCallExpression(node) || node.expression.kind !== ts.SyntaxKind.ImportKeyword) return below
  const [specifier] = node.arguments
  if (specifier === undefined || !ts.isStringLiteral(specifier)) return below
  return [{ from: resolved(specifier.text, path), names: ['*'], isType: false }, ...below]
}

const isForItsEffects = (statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean =>
  ts.isImportDeclaration(statement) && statement.importClause === undefined

/** The values that are imported (or passed on); types are not counted. */
function namesIn(statement: ts.ImportDeclaration | ts.ExportDeclaration): string[] {
  if (ts.isExportDeclaration(statement)) {
    if (statement.isTypeOnly) return []
    const { exportClause } = statement
    if (exportClause === undefined || !ts.isNamedExports(exportClause)) return ['*']
    return exportClause.elements.filter((each) => !each.isTypeOnly).map((each) => (each.propertyName ?? each.name).text)
  }
  const clause = statement.importClause
  if (clause === undefined || clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return []
  const own = clause.name === undefined ? [] : ['default']
  const { namedBindings } = clause
  if (namedBindings === undefined) return own
  if (ts.isNamespaceImport(namedBindings)) return [...own, '*']
  const named = namedBindings.elements.filter((each) => !each.isTypeOnly)
  return [...own, ...named.map((each) => (each.propertyName ?? each.name).text)]
}

/** Every function that has a name, or is given one; what stands inside another counts there too. */
function functionsIn(node: ts.Node, file: ts.SourceFile): Piece[] {
  const below: Piece[] = []
  ts.forEachChild(node, (child) => void below.push(...functionsIn(child, file)))
  if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return below
  const from = file.getLineAndCharacterOfPosition(node.getStart(file)).line
  const to = file.getLineAndCharacterOfPosition(node.end).line
  const makesChart = node.getText(file).includes('.createMachine(')
  return [{ name: nameOf(node), lines: to - from + 1, makesChart }, ...below]
}

function nameOf(node: ts.SignatureDeclaration): string {
  const named = node.name ?? (ts.isVariableDeclaration(node.parent) ? node.parent.name : undefined)
  return named?.getText() ?? UNNAMED
}

function isExportedFunction(statement: ts.Statement): boolean {
  const exported = ts.canHaveModifiers(statement) && ts.getModifiers(statement)?.some(isExport) === true
  if (!exported) return false
  if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) return true
  if (!ts.isVariableStatement(statement)) return false
  return statement.declarationList.declarations.some(
    ({ initializer }) => initializer !== undefined && ts.isArrowFunction(initializer),
  )
}
const isExport = ({ kind }: ts.ModifierLike): boolean => kind === ts.SyntaxKind.ExportKeyword

/** Names that stand for something outside the file, as far as one can tell without types. */
function usesIn(node: ts.Node, uses: Set<string>): Set<string> {
  if (ts.isPropertyAccessExpression(node)) {
    uses.add(`.${node.name.text}`)
    if (ts.isIdentifier(node.expression)) uses.add(`${node.expression.text}.${node.name.text}`)
  }
  if (ts.isIdentifier(node) && !isName(node)) uses.add(node.text)
  if (node.kind === ts.SyntaxKind.AsyncKeyword) uses.add('async')
  if (ts.isAwaitExpression(node)) uses.add('await')
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) uses.add('import()')
  ts.forEachChild(node, (child) => void usesIn(child, uses))
  return uses
}

/** A name that the file gives or follows itself: a key, a property, a declaration. */
function isName(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent) || ts.isQualifiedName(parent))
    return ('name' in parent ? parent.name : parent.right) === node
  return 'name' in parent && parent.name === node && !ts.isShorthandPropertyAssignment(parent)
}
