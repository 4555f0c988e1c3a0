/** Kubernetes v1.32: its resources and their schemas. */
import { profileOf } from '../../lib/schema/profile.ts'
import type { Profile } from '../../lib/schema.ts'
import { definitions } from './definitions.generated.ts'
import { resources } from './resources.generated.ts'

const profile: Profile = profileOf('v1.32', definitions, resources)
export default profile
