/**
 * The page's own questions go first: the server answers one after the other, and a browser has few connections to it.
 */
const patienceMs = 300

const inFrontNow = new Set<Promise<unknown>>()
let begin: () => void = () => undefined
const begun = new Promise<void>((done) => {
  begin = done
})
// A page that asks for nothing of its own holds up nothing.
window.setTimeout(() => begin(), patienceMs)

/** Sends a question of the page itself. */
export async function inFront<T>(question: Promise<T>): Promise<T> {
  inFrontNow.add(question)
  begin()
  try {
    return await question
  } finally {
    inFrontNow.delete(question)
  }
}

/** Waits until the page's own questions of this moment are answered, well or not; when it opens, for its first ones. */
export async function behind(): Promise<void> {
  await begun
  await Promise.allSettled(inFrontNow)
}
