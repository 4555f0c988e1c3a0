/** Stands for the cluster's certificate where nobody verifies one. */
export const SOME_CERTIFICATE = '-----BEGIN CERTIFICATE-----\nb3JyZXJ5\n-----END CERTIFICATE-----\n'
