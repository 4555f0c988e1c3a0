/** Rules for volumes, and for where containers mount them. */
import type { core } from '../../protocol/objects.ts'
import { complain, duplicate, type Found, forbidden, invalid, notFound, notSupported, required } from './causes.ts'
import { checkFieldReference, checkResourceField, OF_VOLUMES } from './environment.ts'
import { dns1123Label } from './formats.ts'

/** @returns the names of the volumes that are sound: others cannot be mounted. */
export function checkVolumes(
  found: Found,
  field: string,
  volumes: readonly core.Volume[] | undefined,
): ReadonlySet<string> {
  const names = new Set<string>()
  for (const [i, volume] of (volumes ?? []).entries()) {
    const at = `${field}[${i}]`
    const wrong: Found = []
    checkSource(wrong, at, volume)
    if (!volume.name) wrong.push(required(`${at}.name`))
    else complain(wrong, `${at}.name`, volume.name, dns1123Label(volume.name))
    if (names.has(volume.name)) wrong.push(duplicate(`${at}.name`, volume.name))
    if (wrong.length === 0) names.add(volume.name)
    else found.push(...wrong)
  }
  return names
}

/** In the order in which the server looks at them; the first is the one that counts. */
const SOURCES = [
  'emptyDir',
  'hostPath',
  'gitRepo',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'secret',
  'nfs',
  'iscsi',
  'glusterfs',
  'flocker',
  'persistentVolumeClaim',
  'rbd',
  'cinder',
  'cephfs',
  'quobyte',
  'downwardAPI',
  'fc',
  'flexVolume',
  'configMap',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'storageos',
  'projected',
  'scaleIO',
  'csi',
  'ephemeral',
  'image',
] as const

function checkSource(found: Found, field: string, volume: core.Volume): void {
  const given = SOURCES.filter((source) => (volume as unknown as Record<string, unknown>)[source] !== undefined)
  if (given.length === 0) found.push(required(field, 'must specify a volume type'))
  for (const [i, source] of given.entries()) {
    if (i > 0) found.push(forbidden(`${field}.${source}`, 'may not specify more than 1 volume type'))
    else checkOne(found, `${field}.${source}`, volume)
  }
}

function checkOne(found: Found, field: string, volume: core.Volume): void {
  const { hostPath, secret, configMap, nfs, persistentVolumeClaim, downwardAPI, projected, csi, ephemeral, emptyDir } =
    volume
  if (hostPath !== undefined) checkHostPath(found, field, hostPath)
  else if (emptyDir !== undefined) {
    if (String(emptyDir.sizeLimit ?? '0').startsWith('-'))
      found.push(forbidden(`${field}.sizeLimit`, 'SizeLimit field must be a valid resource quantity'))
  } else if (secret !== undefined) {
    if (!secret.secretName) found.push(required(`${field}.secretName`))
    checkItems(found, field, secret)
  } else if (configMap !== undefined) {
    if (!configMap.name) found.push(required(`${field}.name`))
    checkItems(found, field, configMap)
  } else if (nfs !== undefined) checkNfs(found, field, nfs)
  else if (persistentVolumeClaim !== undefined) {
    if (!persistentVolumeClaim.claimName) found.push(required(`${field}.claimName`))
  } else if (downwardAPI !== undefined) checkDownward(found, field, downwardAPI)
  else if (projected !== undefined) checkProjected(found, field, projected)
  else if (csi !== undefined) {
    if (!csi.driver) found.push(required(`${field}.driver`))
  } else if (ephemeral !== undefined) {
    if (ephemeral.volumeClaimTemplate === undefined) found.push(required(`${field}.volumeClaimTemplate`))
  }
}

const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]
function checkHostPath(found: Found, field: string, { path, type = '' }: core.HostPathVolumeSource): void {
  if (!path) {
    found.push(required(`${field}.path`))
    return
  }
  checkNoBacksteps(found, `${field}.path`, path)
  if (!HOST_PATH_TYPES.includes(type)) found.push(notSupported(`${field}.type`, type, HOST_PATH_TYPES))
}

function checkNfs(found: Found, field: string, { server, path }: core.NFSVolumeSource): void {
  if (!server) found.push(required(`${field}.server`))
  if (!path) found.push(required(`${field}.path`))
  if (!path?.startsWith('/')) found.push(invalid(`${field}.path`, path ?? '', 'must be an absolute path'))
}

const BAD_MODE = 'must be a number between 0 and 0777 (octal), both inclusive'
function checkMode(found: Found, field: string, mode: number | undefined): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777)) found.push(invalid(field, mode, BAD_MODE))
}

type Items = { readonly defaultMode?: number; readonly items?: readonly core.KeyToPath[] }
function checkItems(found: Found, field: string, { defaultMode, items = [] }: Items): void {
  checkMode(found, `${field}.defaultMode`, defaultMode)
  for (const [i, item] of items.entries()) checkItem(found, `${field}.items[${i}]`, item)
}

function checkItem(found: Found, field: string, { key, path, mode }: core.KeyToPath): void {
  if (!key) found.push(required(`${field}.key`))
  if (!path) found.push(required(`${field}.path`))
  checkLocalPath(found, `${field}.path`, path ?? '')
  checkMode(found, `${field}.mode`, mode)
}

function checkNoBacksteps(found: Found, field: string, path: string): void {
  if (path.split('/').includes('..')) found.push(invalid(field, path, "must not contain '..'"))
}
export function checkDescendingPath(found: Found, field: string, path: string): void {
  if (path.startsWith('/')) found.push(invalid(field, path, 'must be a relative path'))
  checkNoBacksteps(found, field, path)
}
/** Names that begin with two dots are the kubelet's own. */
function checkLocalPath(found: Found, field: string, path: string): void {
  checkDescendingPath(found, field, path)
  if (path.startsWith('..') && !path.startsWith('../')) found.push(invalid(field, path, "must not start with '..'"))
}

function checkDownward(found: Found, field: string, { defaultMode, items = [] }: core.DownwardAPIVolumeSource): void {
  checkMode(found, `${field}.defaultMode`, defaultMode)
  for (const item of items) checkDownwardFile(found, field, item)
}

function checkDownwardFile(
  found: Found,
  field: string,
  { path, fieldRef, resourceFieldRef, mode }: core.DownwardAPIVolumeFile,
): void {
  if (!path) found.push(required(`${field}.path`))
  checkLocalPath(found, `${field}.path`, path ?? '')
  if (fieldRef !== undefined) {
    checkFieldReference(found, `${field}.fieldRef`, fieldRef, OF_VOLUMES)
    if (resourceFieldRef !== undefined)
      found.push(invalid(field, 'resource', 'fieldRef and resourceFieldRef can not be specified simultaneously'))
  } else if (resourceFieldRef !== undefined)
    checkResourceField(found, `${field}.resourceFieldRef`, resourceFieldRef, true)
  else found.push(required(field, 'one of fieldRef and resourceFieldRef is required'))
  checkMode(found, `${field}.mode`, mode)
}

const SHORTEST_TOKEN = 600
function checkProjected(found: Found, field: string, { defaultMode, sources }: core.ProjectedVolumeSource): void {
  checkMode(found, `${field}.defaultMode`, defaultMode)
  const paths = new Set<string>()
  const conflict = (path: string | undefined, shown: string): void => {
    if (!path) return
    if (paths.has(path)) found.push(invalid(field, shown, 'conflicting duplicate paths'))
    paths.add(path)
  }
  for (const [i, source] of (sources ?? []).entries()) {
    const at = `${field}.sources[${i}]`
    for (const kind of ['secret', 'configMap'] as const) {
      const { name = '', items = [] } = source[kind] ?? {}
      if (source[kind] !== undefined && name === '') found.push(required(`${at}.${kind}.name`))
      for (const [j, item] of items.entries()) {
        checkItem(found, `${at}.${kind}.items[${j}]`, item)
        conflict(item.path, name)
      }
    }
    for (const item of source.downwardAPI?.items ?? []) {
      checkDownwardFile(found, `${at}.downwardAPI`, item)
      conflict(item.path, item.path)
    }
    if (source.serviceAccountToken !== undefined) checkToken(found, field, at, source.serviceAccountToken)
    if (Object.values(source).filter((each) => each !== undefined).length > 1) {
      found.push(forbidden(at, 'may not specify more than 1 volume type per source'))
    }
  }
}

function checkToken(
  found: Found,
  field: string,
  at: string,
  { expirationSeconds = 3_600, path }: core.ServiceAccountTokenProjection,
): void {
  if (expirationSeconds < SHORTEST_TOKEN) {
    found.push(
      invalid(
        `${at}.serviceAccountToken.expirationSeconds`,
        expirationSeconds,
        'may not specify a duration less than 10 minutes',
      ),
    )
  }
  if (!path) found.push(required(`${field}.path`))
  else checkLocalPath(found, `${field}.path`, path)
}

const PROPAGATIONS = ['Bidirectional', 'HostToContainer', 'None']

export function checkMounts(
  found: Found,
  field: string,
  container: core.Container,
  volumes: ReadonlySet<string>,
): void {
  const paths = new Set<string>()
  for (const [i, { name, mountPath, subPath, subPathExpr, mountPropagation }] of (
    container.volumeMounts ?? []
  ).entries()) {
    const at = `${field}[${i}]`
    if (!name) found.push(required(`${at}.name`))
    if (!volumes.has(name)) found.push(notFound(`${at}.name`, name))
    if (!mountPath) found.push(required(`${at}.mountPath`))
    if (paths.has(mountPath)) found.push(invalid(`${at}.mountPath`, mountPath, 'must be unique'))
    paths.add(mountPath)
    if (subPath) checkDescendingPath(found, `${field}.subPath`, subPath)
    if (subPathExpr) {
      if (subPath)
        found.push(invalid(`${at}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive'))
      checkDescendingPath(found, `${field}.subPathExpr`, subPathExpr)
    }
    if (mountPropagation !== undefined)
      checkPropagation(found, `${field}.mountPropagation`, mountPropagation, container)
  }
}

function checkPropagation(found: Found, field: string, propagation: string, { securityContext }: core.Container): void {
  if (!PROPAGATIONS.includes(propagation)) found.push(notSupported(field, propagation, PROPAGATIONS))
  if (propagation === 'Bidirectional' && securityContext?.privileged !== true) {
    found.push(forbidden(field, 'Bidirectional mount propagation is available only to privileged containers'))
  }
}
