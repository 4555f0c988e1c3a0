/** The forms of names and values, with the API's own complaints (k8s.io/apimachinery/pkg/util/validation). */

type Complaints = readonly string[]

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`
const LABEL_1035 = '[a-z]([-a-z0-9]*[a-z0-9])?'
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const LABEL_VALUE = `(${QUALIFIED})?`
const WILDCARD = `\\*\\.${SUBDOMAIN}`
const CONFIG_KEY = '[-._a-zA-Z0-9]+'
const C_IDENTIFIER = '[A-Za-z_][A-Za-z0-9_]*'
const ENV_NAME = '[-._a-zA-Z][-._a-zA-Z0-9]*'

const whole = (pattern: string): RegExp => new RegExp(`^${pattern}$`)
const IS_LABEL = whole(LABEL)
const IS_SUBDOMAIN = whole(SUBDOMAIN)
const IS_LABEL_1035 = whole(LABEL_1035)
const IS_QUALIFIED = whole(QUALIFIED)
const IS_LABEL_VALUE = whole(LABEL_VALUE)
const IS_WILDCARD = whole(WILDCARD)
const IS_CONFIG_KEY = whole(CONFIG_KEY)
const IS_C_IDENTIFIER = whole(C_IDENTIFIER)
const IS_ENV_NAME = whole(ENV_NAME)

const tooLong = (value: string, most: number): Complaints =>
  value.length > most ? [`must be no more than ${most} characters`] : []

/** RegexError: what it must be, examples, and the pattern used. */
function regexError(message: string, pattern: string, ...examples: readonly string[]): string {
  const eg = examples.map((example) => `'${example}', `).join(' or ')
  return `${message} (${eg === '' ? '' : `e.g. ${eg}`}regex used for validation is '${pattern}')`
}

export const inclusiveRange = (low: number, high: number): string => `must be between ${low} and ${high}, inclusive`

/** IsDNS1123Label: names of namespaces, containers, volumes. */
export function dns1123Label(value: string): Complaints {
  const long = tooLong(value, 63)
  if (IS_LABEL.test(value)) return long
  if (IS_SUBDOMAIN.test(value)) return [...long, 'must not contain dots']
  return [...long, LABEL_ERROR]
}
const LABEL_ERROR = regexError(
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  LABEL,
  'my-name',
  '123-abc',
)

/** IsDNS1123Subdomain: names of most objects. */
export function dns1123Subdomain(value: string): Complaints {
  if (IS_SUBDOMAIN.test(value)) return tooLong(value, 253)
  return [...tooLong(value, 253), SUBDOMAIN_ERROR]
}
const SUBDOMAIN_ERROR = regexError(
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  SUBDOMAIN,
  'example.com',
)

/** IsDNS1035Label: names of Services. */
export function dns1035Label(value: string): Complaints {
  if (IS_LABEL_1035.test(value)) return tooLong(value, 63)
  return [...tooLong(value, 63), LABEL_1035_ERROR]
}
const LABEL_1035_ERROR = regexError(
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  LABEL_1035,
  'my-name',
  'abc-123',
)

/** IsWildcardDNS1123Subdomain: hosts of Ingresses. */
export function wildcardSubdomain(value: string): Complaints {
  if (IS_WILDCARD.test(value)) return tooLong(value, 253)
  return [...tooLong(value, 253), WILDCARD_ERROR]
}
const WILDCARD_ERROR = regexError(
  "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
  WILDCARD,
  '*.example.com',
)

/** IsQualifiedName: keys of labels, annotations, taints, resources. */
export function qualifiedName(value: string): Complaints {
  const parts = value.split('/')
  if (parts.length > 2)
    return [
      `a qualified name ${QUALIFIED_ERROR} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ]
  const name = parts.at(-1) as string
  return [...(parts.length === 2 ? prefixErrors(parts[0] as string) : []), ...namePartErrors(name)]
}
const QUALIFIED_ERROR = regexError(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  QUALIFIED,
  'MyName',
  'my.name',
  '123-abc',
)
const EMPTY = 'must be non-empty'

const prefixErrors = (prefix: string): Complaints =>
  (prefix === '' ? [EMPTY] : dns1123Subdomain(prefix)).map((complaint) => `prefix part ${complaint}`)

function namePartErrors(name: string): Complaints {
  const length = name === '' ? [EMPTY] : tooLong(name, 63)
  const form = IS_QUALIFIED.test(name) ? [] : [QUALIFIED_ERROR]
  return [...length, ...form].map((complaint) => `name part ${complaint}`)
}

/** IsValidLabelValue */
export function labelValue(value: string): Complaints {
  if (IS_LABEL_VALUE.test(value)) return tooLong(value, 63)
  return [...tooLong(value, 63), LABEL_VALUE_ERROR]
}
const LABEL_VALUE_ERROR = regexError(
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  LABEL_VALUE,
  'MyValue',
  'my_value',
  '12345',
)

/** IsConfigMapKey: keys of ConfigMaps and Secrets. */
export function configMapKey(value: string): Complaints {
  const form = IS_CONFIG_KEY.test(value) ? [] : [CONFIG_KEY_ERROR]
  return [...tooLong(value, 253), ...form, ...dots(value)]
}
const CONFIG_KEY_ERROR = regexError(
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  CONFIG_KEY,
  'key.name',
  'KEY_NAME',
  'key-name',
)
function dots(value: string): Complaints {
  if (value === '.') return ["must not be '.'"]
  if (value === '..') return ["must not be '..'"]
  return value.startsWith('..') ? ["must not start with '..'"] : []
}

/** IsCIdentifier */
export const cIdentifier = (value: string): Complaints => (IS_C_IDENTIFIER.test(value) ? [] : [C_IDENTIFIER_ERROR])
const C_IDENTIFIER_ERROR = regexError(
  "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'",
  C_IDENTIFIER,
  'my_name',
  'MY_NAME',
  'MyName',
)

/** IsRelaxedEnvVarName, which is what v1.32 asks by default. */
export function environmentName(value: string): Complaints {
  if (value === '') return ['environment variable name must be non-empty']
  return IS_RELAXED.test(value) ? [] : [RELAXED_ERROR]
}
const IS_RELAXED = /^[ -<>-~]+$/
const RELAXED_ERROR = "a valid environment variable name must consist only of printable ASCII characters other than '='"

/** IsEnvVarName, the stricter form (EnvFrom prefixes before v1.32). */
export const strictEnvironmentName = (value: string): Complaints => [
  ...(IS_ENV_NAME.test(value) ? [] : [ENV_NAME_ERROR]),
  ...dots(value),
]
const ENV_NAME_ERROR = regexError(
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
  ENV_NAME,
  'my.env-name',
  'MY_ENV.NAME',
  'MyEnvName1',
)

/** IsValidPortNum */
export const portNumber = (port: unknown): Complaints =>
  typeof port === 'number' && port >= 1 && port <= 65_535 ? [] : [inclusiveRange(1, 65_535)]

/** IsValidPortName: at most 15 of `a-z0-9-`, one of them a letter. */
export function portName(name: string): Complaints {
  return [
    ...tooLong(name, 15),
    ...(/^[-a-z0-9]+$/.test(name) ? [] : ['must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)']),
    ...(/[a-z]/.test(name) ? [] : ['must contain at least one letter (a-z)']),
    ...(name.includes('--') ? ['must not contain consecutive hyphens'] : []),
    ...(name.startsWith('-') || name.endsWith('-') ? ['must not begin or end with a hyphen'] : []),
  ]
}

/** path.IsValidPathSegmentName: names of roles and the like. */
export function pathSegment(value: string): Complaints {
  if (value === '.' || value === '..') return [`may not be '${value}'`]
  return ['/', '%'].filter((illegal) => value.includes(illegal)).map((illegal) => `may not contain '${illegal}'`)
}

/** IsDomainPrefixedPath, of which the path itself is taken as it is. */
export function domainPrefixedPath(value: string): Complaints {
  const [, domain = '', path = ''] = /^([^/]*)\/(.*)$/s.exec(value) ?? []
  if (domain === '' || path === '') return ['must be a domain-prefixed path (such as "acme.io/foo")']
  return dns1123Subdomain(domain)
}
