import { describe, expect, test } from 'vitest'
import { emptyFileSystem, type FileSystem, textFile } from '../../../../../machines/workload/files.ts'
import {
  begun,
  connected,
  executed,
  killed,
  nextWake,
  type Processes,
  runUntil,
  signalled,
  understands,
  type Yield,
} from '../../../../../machines/workload/shell/shell.ts'
import { Tree } from '../../../../../runtime/tree.ts'

const at = 1_000_000

const first = (command: readonly string[], files: FileSystem = emptyFileSystem) => ({
  argv: command,
  variables: { A: 'one' },
  directory: '/',
  hostname: 'web-0',
  files,
  hasOtherPrograms: false,
  now: at,
})

interface End {
  readonly exitCode: number | undefined
  readonly tookMs: number
  readonly log: string
  readonly state: Processes
}

/** Runs a script for up to an hour. */
function ended(script: string | readonly string[], files?: FileSystem): End {
  let [state, yielded] = begun(first(typeof script === 'string' ? ['sh', '-c', script] : script, files))
  let log = textOf(yielded)
  for (let wake = nextWake(state); wake !== undefined && wake < at + 3_600_000; wake = nextWake(state)) {
    ;[state, yielded] = runUntil(state, wake)
    log += textOf(yielded)
  }
  return { exitCode: state.exitCode, tookMs: state.now - at, log, state }
}
const textOf = ({ output }: Yield): string => output.map(({ text }) => text).join('')

describe('scripts end with the code, after the time and with the log that they would have', () => {
  test.each<[string | string[], number | undefined, number, string]>([
    ['exit 0', 0, 0, ''],
    ['sleep 1; exit 7', 7, 1_000, ''],
    ['true', 0, 0, ''],
    ['sleep 4', 0, 4_000, ''],
    ['sleep 0.5m', 0, 30_000, ''],
    ['echo dbg', 0, 0, 'dbg\n'],
    ['nosuchcmd', 127, 0, 'sh: nosuchcmd: not found\n'],
    ['echo not yet; exit 1', 1, 0, 'not yet\n'],
    ['touch /ok; sleep 6; rm /ok; cat /ok', 1, 6_000, "cat: can't open '/ok': No such file or directory\n"],
    [
      'for i in $(seq 1 3); do echo out $i; echo err $i >&2; sleep 0.05; done',
      0,
      150,
      'out 1\nerr 1\nout 2\nerr 2\nout 3\nerr 3\n',
    ],
    ['n=$(cat /s/n 2>/dev/null || echo 0); n=$((n+1)); echo $n; [ $n -ge 4 ] || exit 1', 1, 0, '1\n'],
    ['[ -e /s/x ] && exit 0; exit 1', 1, 0, ''],
    ['sleep 1; sh -c "kill -9 \\$PPID"; sleep 1; exit 9', 9, 2_000, ''],
    ['tail /dev/zero; echo rc=$?; sleep 5; exit 0', 0, 5_300, 'Killed\nrc=137\n'],
    [['tail', '/dev/zero'], 137, 300, ''],
    [['echo', '$(A)', '$A'], 0, 0, '$(A) $A\n'],
    ['echo "$A-${B:-none}" \'$A\' `echo in`', 0, 0, 'one-none $A in\n'],
    ['echo b > /f; echo a >> /f; sort < /f | head -n 1', 0, 0, 'a\n'],
    ['if [ -f /none ]; then echo yes; elif true; then echo elif; else echo no; fi', 0, 0, 'elif\n'],
    ['i=0; while [ $i -lt 3 ]; do i=$((i+1)); [ $i = 2 ] && continue; echo $i; done', 0, 0, '1\n3\n'],
    ['until false; do break; done; echo $?', 0, 0, '0\n'],
    ['case abc in x) echo x;; a*|b) echo a;; esac', 0, 0, 'a\n'],
    ['(A=two; echo $A); echo $A', 0, 0, 'two\none\n'],
    ['{ echo a; echo b; } > /f; wc -l < /f', 0, 0, '2\n'],
    ['! true; echo $?', 0, 0, '1\n'],
    ['trap "echo bye" EXIT; exit 3', 3, 0, 'bye\n'],
    ['sleep 5 & sleep 1; wait $!; echo done', 0, 5_000, 'done\n'],
    ['sleep 2 & kill $!; wait $!; echo $?', 0, 0, '143\n'],
    ['exec sleep 3', 0, 3_000, ''],
    ['echo "unfinished', 2, 0, 'sh: syntax error: unterminated quoted string\n'],
    ['if true', 2, 0, 'sh: syntax error: unexpected end of file\n'],
    ['echo $((7 / 0))', 2, 0, 'sh: divide by zero\n'],
    ['mkdir -p /w; echo hi > /w/ok; ls /w; cat /w/ok', 0, 0, 'ok\nhi\n'],
    ['date +%s', 0, 0, '1000\n'],
    ['env | grep -c A', 0, 0, '1\n'],
    ['hostname; pwd; cd /tmp; pwd', 0, 0, 'web-0\n/\n/tmp\n'],
    ['export X=5; sh -c "echo $X"', 0, 0, '5\n'],
    ['printf "%s-%d\\n" a 3', 0, 0, 'a-3\n'],
    ['echo hello | tr a-z x; echo abc | sed s/b/X/', 0, 0, 'hello\naXc\n'],
    ['eval "echo evaluated"', 0, 0, 'evaluated\n'],
    ['timeout 2 sleep 10; echo $?', 0, 2_000, '143\n'],
    ['echo a; # a comment\necho b \\\n c', 0, 0, 'a\nb c\n'],
    [
      'wget http://x; nc x 80; nslookup x',
      1,
      0,
      "wget: can't connect to remote host: Connection refused\nnc: can't connect to remote host: Connection refused\nnslookup: can't resolve 'x'\n",
    ],
  ])('%s', (script, code, tookMs, log) => {
    expect(ended(script)).toMatchObject({ exitCode: code, tookMs, log })
  })
})

test('a loop that never waits does not hang the model', () => {
  const [state] = begun(first(['sh', '-c', 'while :; do :; done']))
  expect(nextWake(state)).toBe(at + 1_000)
})

test('the first process ignores SIGTERM that it does not handle, and dies of SIGKILL', () => {
  const [state] = begun(first(['sleep', '3600']))
  expect(signalled(state, at + 5, 'TERM')[0].exitCode).toBeUndefined()
  expect(signalled(state, at + 5, 'KILL')[0].exitCode).toBe(137)
})

test('a trap cuts a wait short', () => {
  const [state] = begun(first(['sh', '-c', 'trap "sleep 2; exit 3" TERM; sleep 3600 & wait']))
  const [stopping] = signalled(state, at + 10, 'TERM')
  expect(nextWake(stopping)).toBe(at + 2_010)
  expect(runUntil(stopping, at + 2_010)[0].exitCode).toBe(3)
})

test('a trap waits for the command in the foreground', () => {
  const [state] = begun(first(['sh', '-c', 'trap "exit 0" TERM; sleep 30']))
  const [stopping] = signalled(state, at + 10, 'TERM')
  expect(stopping.exitCode).toBeUndefined()
  expect(runUntil(stopping, at + 30_000)[0].exitCode).toBe(0)
})

test('an empty trap ignores the signal', () => {
  const [state] = begun(first(['sh', '-c', 'trap "" TERM; while true; do sleep 1; done']))
  const [stopping] = signalled(state, at + 10, 'TERM')
  expect(runUntil(stopping, at + 20_000)[0].exitCode).toBeUndefined()
})

test('an exec sees the files of the container and tells its own output', () => {
  const [state] = begun(first(['sh', '-c', 'touch /ok; sleep 100']))
  const [, { finished }, pid] = executed(state, at + 1, {
    argv: ['cat', '/ok', '/nope'],
    variables: {},
    directory: '/',
  })
  expect(finished).toEqual([
    { pid, exitCode: 1, stdout: '', stderr: "cat: can't open '/nope': No such file or directory\n" },
  ])
})

test('an exec that takes too long is killed', () => {
  const [state] = begun(first(['sleep', '3600']))
  const [running, , pid] = executed(state, at, { argv: ['sleep', '10'], variables: {}, directory: '/' })
  expect(nextWake(running)).toBe(at + 10_000)
  expect(nextWake(killed(running, at + 1_000, pid)[0])).toBe(at + 3_600_000)
})

test('httpd serves the files under its root, and nobody else listens', () => {
  const [state] = begun(first(['sh', '-c', 'mkdir -p /w; echo hi > /w/ok; httpd -p 8080 -h /w; sleep 100']))
  expect(connected(state, at, 8080, '/ok')[2]).toEqual({ status: 200, body: 'hi\n' })
  expect(connected(state, at, 8080, '/no')[2]).toEqual({ status: 404, body: '' })
  expect(connected(state, at, 80, '/')[2]).toBeUndefined()
})

test('nc answers one connection with what it was given, again and again in a loop', () => {
  const loop = 'while true; do printf "HTTP/1.0 500 no\\r\\nContent-Length: 5\\r\\n\\r\\noops\\n" | nc -l -p 8085; done'
  const [state] = begun(first(['sh', '-c', loop]))
  const [next, , served] = connected(state, at, 8085, '/')
  expect(served).toEqual({ status: 500, body: 'oops\n' })
  expect(connected(next, at, 8085, '/')[2]).toEqual(served)
})

test('nc with a program is silent while that runs, and refuses the next', () => {
  const [state] = begun(first(['sh', '-c', 'while true; do nc -l -p 8084 -e sleep 30; done']))
  const [busy, , served] = connected(state, at, 8084, '/')
  expect(served).toBe('silence')
  expect(connected(busy, at + 1_000, 8084, '/')[2]).toBeUndefined()
  expect(connected(runUntil(busy, at + 30_000)[0], at + 30_000, 8084, '/')[2]).toBe('silence')
})

test('a volume that is mounted read-only cannot be written, one that is not tells its changes', () => {
  const mount = { path: '/v', volume: 'v', within: '', readOnly: true, files: Tree.of([['/k', textFile('one')]]) }
  const files = { ...emptyFileSystem, mounts: [mount] }
  expect(ended('cat /v/k; echo x > /v/f; echo rc=$?', files).log).toBe(
    "onesh: can't create /v/f: Read-only file system\nrc=1\n",
  )
  const [, { changes }] = begun(
    first(['sh', '-c', 'echo x > /v/f'], { ...files, mounts: [{ ...mount, readOnly: false }] }),
  )
  expect(changes.at(-1)).toEqual({ volume: 'v', path: '/f', file: textFile('x\n') })
})

test('commands that are known are understood, with or without a path', () => {
  expect([['sleep', '1'], ['/bin/sh'], ['nginx'], []].map(understands)).toEqual([true, true, false, false])
})
