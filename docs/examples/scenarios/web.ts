/** A web server, as the stories use it. */
import type { Deployment } from '../../../machines/index.ts'

export const web = ({ replicas, image }: { readonly replicas: number; readonly image: string }): Deployment => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [{ name: 'web', image, readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 2 } }],
      },
    },
  },
})
