/**
 * A guest of the shop: a namespace under a quota, with a token in a Secret and a database outside of the cluster. It wants
 * the API of the shop to stay, and a budget for its own pods too.
 */
export const GUEST = `
apiVersion: v1
kind: Namespace
metadata: { name: guest }
`
export const GUEST_THINGS = `
apiVersion: v1
kind: ResourceQuota
metadata: { name: modest, namespace: guest }
spec: { hard: { pods: '1', services: '2' } }
---
apiVersion: v1
kind: Secret
metadata:
  name: old-token
  namespace: guest
  annotations: { kubernetes.io/service-account.name: default }
type: kubernetes.io/service-account-token
---
apiVersion: v1
kind: Service
metadata: { name: database, namespace: guest }
spec: { ports: [{ port: 5432 }] }
---
apiVersion: v1
kind: Endpoints
metadata: { name: database, namespace: guest }
subsets: [{ addresses: [{ ip: 192.0.2.77 }], ports: [{ port: 5432 }] }]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: api, namespace: shop }
spec: { maxUnavailable: 1, selector: { matchLabels: { app: api } } }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: own, namespace: guest }
spec: { minAvailable: 50%, selector: {} }
---
apiVersion: v1
kind: Pod
metadata: { name: visitor, namespace: guest }
spec: { restartPolicy: Never, containers: [{ name: main, image: busybox, command: [sh, -c, 'sleep 1'] }] }
`
