// Sends chosen or dropped files one after another by tus, each resumable, with progress and cancel.
const form = document.querySelector("[data-upload]");
const SIMULTANEOUS = 3;
const RETRIES = [0, 1000, 3000, 5000, 10000];

function element(name, properties = {}, children = []) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function row(file) {
  const name = element("span", { className: "item-name", textContent: file.name });
  const bar = element("progress", { max: file.size || 1, value: 0, ariaLabel: file.name });
  const state = element("span", { className: "state", textContent: "waiting" });
  const cancel = element("button", { type: "button", className: "quiet small", textContent: "Cancel", ariaLabel: `Cancel ${file.name}` });
  return { line: element("li", {}, [name, bar, state, cancel]), bar, state, cancel };
}

// What a refusal of the server says, for a person.
function reasonOf(error) {
  try {
    const said = JSON.parse(error.originalResponse.getBody());
    return String(said.detail ?? said[0] ?? error.message);
  } catch {
    return error.originalResponse ? `The server answered ${error.originalResponse.getStatus()}.` : "The connection was lost.";
  }
}

class Queue {
  constructor(endpoint, token, summary) {
    Object.assign(this, { endpoint, token, summary, waiting: [], running: 0, done: 0, failed: 0, all: 0, opened: false });
  }

  add(file, place, list) {
    const shown = row(file);
    list.append(shown.line);
    this.all += 1;
    const upload = this.uploadOf(file, place, shown);
    shown.cancel.addEventListener("click", () => this.cancel(upload, shown));
    this.waiting.push({ upload, shown });
    this.next();
  }

  uploadOf(file, place, shown) {
    return new tus.Upload(file, {
      endpoint: this.endpoint,
      retryDelays: RETRIES,
      chunkSize: 16 * 1024 * 1024,
      removeFingerprintOnSuccess: true,
      headers: { "X-CSRFToken": this.token },
      metadata: { filename: file.name, filetype: file.type, ...place },
      fingerprint: async (given) => ["mediatheque", given.name, given.size, given.lastModified, JSON.stringify(place)].join("|"),
      onShouldRetry: (error) => (error.originalResponse?.getStatus() ?? 0) < 400 || error.originalResponse.getStatus() >= 500 || error.originalResponse.getStatus() === 423,
      onUploadUrlAvailable: () => { this.opened = true; this.next(); },
      onProgress: (sent) => { shown.bar.value = sent; },
      onSuccess: () => this.settle(shown, "sent", "done"),
      onError: (error) => this.settle(shown, reasonOf(error), "failed"),
    });
  }

  // The first file goes ahead alone, so that the server opens one job for all of them.
  limit() {
    return this.opened ? SIMULTANEOUS : 1;
  }

  async next() {
    while (this.running < this.limit() && this.waiting.length) {
      const { upload, shown } = this.waiting.shift();
      this.running += 1;
      shown.state.textContent = "sending";
      const earlier = await upload.findPreviousUploads();
      if (earlier.length) upload.resumeFromPreviousUpload(earlier[0]);
      upload.start();
    }
    this.report();
  }

  cancel(upload, shown) {
    const place = this.waiting.findIndex((each) => each.upload === upload);
    if (place >= 0) {
      this.waiting.splice(place, 1);
      this.running += 1;
    }
    upload.abort(true).catch(() => { /* what is left on the server expires by itself */ });
    this.settle(shown, "cancelled", "failed");
  }

  settle(shown, text, kind) {
    shown.state.textContent = text;
    shown.line.classList.add(kind);
    shown.cancel.remove();
    if (kind === "done") shown.bar.value = shown.bar.max;
    this[kind] += 1;
    this.running -= 1;
    this.next();
  }

  report() {
    const left = this.all - this.done - this.failed;
    const failed = this.failed ? `, ${this.failed} not` : "";
    this.summary.textContent = `${this.done} of ${this.all} files sent${failed}${left ? "" : ". All done."}`;
  }
}

function placeOf(select) {
  const [kind, id] = select.value.split("-");
  return { [kind]: id };
}

if (form && window.tus?.isSupported) {
  const input = form.querySelector("input[type=file]");
  const drop = form.querySelector("[data-drop]");
  const section = document.querySelector("[data-uploads]");
  const queue = new Queue(
    form.dataset.endpoint, form.elements.csrfmiddlewaretoken.value, section.querySelector("[data-upload-summary]"),
  );
  const send = (files) => {
    if (!files.length) return;
    section.hidden = false;
    for (const file of files) queue.add(file, placeOf(form.elements.destination), section.querySelector("[data-upload-list]"));
    input.value = "";
  };
  form.querySelector("[data-invitation]").hidden = false;
  form.querySelector("[data-submit]").hidden = true;
  form.addEventListener("submit", (event) => { event.preventDefault(); send([...input.files]); });
  input.addEventListener("change", () => send([...input.files]));
  for (const name of ["dragover", "dragenter"]) drop.addEventListener(name, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const name of ["dragleave", "drop"]) drop.addEventListener(name, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => { event.preventDefault(); send([...event.dataTransfer.files]); });
  window.addEventListener("beforeunload", (event) => { if (queue.running) event.preventDefault(); });
}
