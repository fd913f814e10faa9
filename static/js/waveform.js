// Draws sound as bars in the colour of the text around it, from a rendition in the JSON form of BBC
// audiowaveform: `data` holds the minimum and the maximum of every point in turn.
const drawn = new WeakMap();

async function peaksOf(url) {
  const response = await fetch(url, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`The waveform could not be read: ${response.status}`);
  const { data } = await response.json();
  return Array.from({ length: data.length / 2 }, (_, point) => Math.max(-data[2 * point], data[2 * point + 1]));
}

function loudestOf(peaks, bars) {
  return Array.from({ length: bars }, (_, bar) => {
    const from = Math.floor((bar * peaks.length) / bars);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / bars));
    return Math.max(...peaks.slice(from, to));
  });
}

function draw(canvas, peaks) {
  const { clientWidth: width, clientHeight: height } = canvas;
  if (!width || !height || !peaks.length) return;
  const scale = devicePixelRatio || 1;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  pen.fillStyle = getComputedStyle(canvas).color;
  const step = 4;
  const bars = loudestOf(peaks, Math.floor(width / step));
  const loudest = Math.max(...bars) || 1;
  bars.forEach((peak, index) => {
    const tall = Math.max(2, (peak / loudest) * height * 0.92);
    pen.beginPath();
    pen.roundRect(index * step, (height - tall) / 2, step - 1.5, tall, 1);
    pen.fill();
  });
}

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) draw(target, drawn.get(target));
});

const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    peaksOf(target.dataset.waveform)
      .then((peaks) => {
        drawn.set(target, peaks);
        resized.observe(target);
      })
      .catch((error) => console.warn(error.message));
  }
});

const find = (root) => root.querySelectorAll("canvas[data-waveform]").forEach((canvas) => seen.observe(canvas));

find(document);
document.addEventListener("htmx:load", (event) => find(event.target.parentElement ?? document));
document.addEventListener("themechange", () => {
  for (const canvas of document.querySelectorAll("canvas[data-waveform]")) {
    if (drawn.has(canvas)) draw(canvas, drawn.get(canvas));
  }
});
