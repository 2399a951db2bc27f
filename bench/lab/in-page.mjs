/**
 * Runs in a page before its own scripts: notes when something first stood there, and how long frames take. Times are
 * milliseconds since the page was asked for.
 */
const wanted = { list: 'a.session-row', message: 'article.message', whole: 'h1' }
const seen = {}
const busy = '.skeleton, [aria-busy="true"]'

/** The moment after the frame that is being made, once the page is free to answer. */
function afterFrame(task) {
  requestAnimationFrame(() => {
    const channel = new MessageChannel()
    channel.port1.addEventListener('message', task, { once: true })
    channel.port1.start()
    channel.port2.postMessage(0)
  })
}

function look() {
  for (const [name, selector] of Object.entries(wanted)) {
    if (name in seen || document.querySelector(selector) === null) continue
    if (name === 'whole' && document.querySelector(busy) !== null) continue
    seen[name] = null
    afterFrame(() => {
      seen[name] = performance.now()
    })
  }
}

new MutationObserver(look).observe(document, { childList: true, subtree: true, attributeFilter: ['aria-busy'] })

let frames = null

globalThis.bench = {
  seen: (name) => seen[name] ?? null,
  firstContent: () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null,
  startFrames() {
    frames = { deltas: [], blank: 0, most: 0, isOn: true }
    let last = performance.now()
    const onFrame = (now) => {
      frames.deltas.push(now - last)
      last = now
      if (document.querySelector('.message-bone') !== null) frames.blank += 1
      frames.most = Math.max(frames.most, document.querySelectorAll('.message-row').length)
      if (frames.isOn) requestAnimationFrame(onFrame)
    }
    requestAnimationFrame((now) => {
      last = now
      requestAnimationFrame(onFrame)
    })
  },
  endFrames() {
    frames.isOn = false
    return frames
  },
  /** Pixels of a scrolled element that are still below what is in view. */
  left(selector) {
    const element = document.querySelector(selector)
    return element.scrollHeight - element.scrollTop - element.clientHeight
  },
}
