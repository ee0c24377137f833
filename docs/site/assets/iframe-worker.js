// A page opened from a disk may start no worker: the search then runs in a frame of its own. By the
// name IFrameWorker the search of Material knows that its scripts lie beside it.
if (location.protocol === "file:") window.Worker = window.IFrameWorker = class extends EventTarget {
  constructor(address) {
    super()
    this.frame = document.body.appendChild(Object.assign(document.createElement("iframe"), { hidden: true }))
    const inside = this.frame.contentWindow, written = inside.document
    window.addEventListener("message", event => {
      if (event.source === inside) {
        const told = new MessageEvent("message", { data: event.data })
        this.dispatchEvent(told)
        this.onmessage?.(told)
      }
    })
    written.open()
    written.write(`<!doctype html><script>
      postMessage = parent.postMessage.bind(parent)
      importScripts = (...all) => all.reduce((done, one) => done.then(() => new Promise(next => {
        const script = document.createElement("script")
        script.src = one
        script.onload = next
        document.body.appendChild(script)
      })), Promise.resolve())
    <\/script><body><script src="${address}"><\/script></body>`)
    this.ready = new Promise(resolve => { inside.onload = resolve })  // opening dropped what listened
    written.close()
  }
  postMessage(data) {
    this.ready.then(() => this.frame.contentWindow.dispatchEvent(new MessageEvent("message", { data })))
  }
  terminate() { this.frame.remove() }
}
