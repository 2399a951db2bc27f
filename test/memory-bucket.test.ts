import { describeBucket } from './contract/bucket.ts'
import { MemoryBucket } from './memory-bucket.ts'

describeBucket('the bucket in memory', () => {
  const bucket = new MemoryBucket()
  return Promise.resolve({
    bucket,
    put: (key, bytes) => {
      bucket.put(key, bytes)
      return Promise.resolve()
    },
    delete: (key) => {
      bucket.delete(key)
      return Promise.resolve()
    },
    cleanUp: () => Promise.resolve(),
  })
})
