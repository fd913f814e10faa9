// A point on the map for a box that holds places, one on each line: "Altona (53.5503, 9.9351)".
import { atlas, point } from "./atlas.js";

const LINE = /^(.*?)\s*\(\s*([-+]?\d+(?:\.\d+)?)\s*[,;]\s*([-+]?\d+(?:\.\d+)?)\s*\)$/;
const STEP = 8;
const FAR = 10;
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

function start(picker) {
  const box = document.getElementById(picker.dataset.placePicker);
  if (!box) return;
  picker.hidden = false;
  const [name, latitude, longitude, told] = ["name", "latitude", "longitude", "told"].map((each) => picker.querySelector(`[data-${each}]`));
  const map = atlas(picker.querySelector("[data-map]"), "Map to set a point");
  const pin = document.createElement("span");
  pin.className = "visually-hidden";
  pin.textContent = "The point; arrow keys move it";
  const marker = point([20, 0], pin, 22, { draggable: true, title: "The point" });

  const lines = () => box.value.split("\n").map((line) => line.trim()).filter(Boolean);
  const typed = () => [latitude, longitude].map((field) => (field.value.trim() === "" ? NaN : Number(field.value.replace(",", "."))));
  const onEarth = ([north, east]) => Math.abs(north) <= 90 && Math.abs(east) <= 180;

  function put(place, { write = true, show = false } = {}) {
    marker.setLatLng(place);
    if (!map.hasLayer(marker)) marker.addTo(map).getElement().addEventListener("keydown", move);
    if (show) map.setView(place, Math.max(map.getZoom(), 4));
    if (write) [latitude.value, longitude.value] = place.map((each) => each.toFixed(5));
  }

  function move(event) {
    const way = ARROWS[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const far = STEP * (event.shiftKey ? FAR : 1);
    const from = map.latLngToContainerPoint(marker.getLatLng());
    const to = map.containerPointToLatLng([from.x + way[0] * far, from.y + way[1] * far]);
    put([Math.max(-90, Math.min(90, to.lat)), Math.max(-180, Math.min(180, to.lng))]);
    map.panInside(marker.getLatLng(), { padding: [30, 30] });
  }

  function add() {
    const place = typed();
    if (!onEarth(place)) return say("Latitude goes from -90 to 90 and longitude from -180 to 180.", latitude);
    if (!name.value.trim()) return say("Give the place a name first.", name);
    const line = `${name.value.trim()} (${place.map((each) => String(Number(each.toFixed(6)))).join(", ")})`;
    const plain = (each) => (LINE.exec(each)?.[1] ?? each).toLowerCase();
    const others = lines().filter((each) => plain(each) !== name.value.trim().toLowerCase());
    box.value = [...others, line].join("\n");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.dispatchEvent(new Event("change", { bubbles: true }));
    return say(`${line} stands among the places now. Save to keep it.`);
  }

  function say(words, field) {
    told.textContent = words;
    field?.focus();
  }

  map.on("click", (event) => put([event.latlng.lat, event.latlng.wrap().lng]));
  marker.on("drag", () => put([marker.getLatLng().lat, marker.getLatLng().lng]));
  for (const field of [latitude, longitude]) {
    field.addEventListener("input", () => onEarth(typed()) && put(typed(), { write: false, show: true }));
  }
  for (const field of [name, latitude, longitude]) {
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      add();
    });
  }
  picker.querySelector("[data-add]").addEventListener("click", add);
  const known = lines().map((line) => LINE.exec(line)).filter(Boolean).pop();
  if (known) {
    name.value = known[1];
    put([Number(known[2]), Number(known[3])], { show: true });
  }
}

document.querySelectorAll("[data-place-picker]").forEach(start);
