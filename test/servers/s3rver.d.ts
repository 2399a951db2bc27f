/** The part of s3rver that is used here; the package brings no types. */
declare module 's3rver' {
  import type { Server } from 'node:http'

  interface Options {
    readonly address: string
    /** 0 lets the system choose. */
    readonly port: number
    readonly directory: string
    readonly silent: boolean
  }

  export default class S3rver {
    constructor(options: Options)
    readonly httpServer: Server
    run(): Promise<{ readonly port: number }>
    close(): Promise<void>
  }
}
