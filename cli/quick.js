/**
 * Runs a bundle from V8's code cache, which lies beside it: what was compiled the last time need not be compiled again.
 * (Node has this for modules too, but not before version 22.)
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { Script } from 'node:vm'

/** @param {string} file a CommonJS bundle */
export function quick(file) {
  const cache = `${file}.cache`
  const cachedData = existing(cache)
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'utf8')}\n})`
  const script = new Script(source, { filename: file, ...(cachedData === undefined ? {} : { cachedData }) })
  if (cachedData === undefined || script.cachedDataRejected === true) {
    // At the end, what was needed has been compiled, and is kept with it.
    process.once('exit', () => keep(cache, script.createCachedData()))
  }
  const module = { exports: {} }
  script.runInThisContext()(module.exports, createRequire(file), module, file, dirname(file))
}

function existing(file) {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

/** Whole or not at all: others may be starting. Where nothing may be written, nothing is kept. */
function keep(file, data) {
  const unfinished = `${file}.${process.pid}`
  try {
    writeFileSync(unfinished, data)
    renameSync(unfinished, file)
  } catch {}
}
