/**
 * Asks for the next item as soon as there is one, so that the server is at work while this one is used.
 * @throws what `items` throws, after the items before it
 */
export async function* oneAhead<T>(items: AsyncGenerator<T, void>): AsyncGenerator<T, void> {
  let next = items.next()
  try {
    for (let item = await next; item.done !== true; item = await next) {
      next = items.next()
      // Its failure is told in its turn.
      next.catch(() => undefined)
      yield item.value
    }
  } finally {
    await items.return()
  }
}
