import type { Ask } from '../../query/index.ts'
import type { Archive } from '../../store/index.ts'
import { openForReading } from '../archive.ts'
import type { CommandContext } from '../context.ts'

/** The archive as it comes: while there is none, answers are empty, and it is looked for at each question. */
export async function lateArchive(context: CommandContext): Promise<{ readonly ask: Ask; close(): void }> {
  let archive: Archive | null = await openForReading(context)
  let opening: Promise<Archive | null> | null = null
  return {
    ask: {
      all: async (statement) => {
        if (archive === null) {
          opening ??= openForReading(context)
          archive = await opening
          opening = null
        }
        return archive === null ? [] : await archive.driver.all(statement)
      },
    },
    close: () => archive?.close(),
  }
}
