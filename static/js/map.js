// Where assets were taken: clusters that the server gathers for each view, or the places of one asset.
import { L, atlas, point } from "./atlas.js";

const text = (count) => `${count.toLocaleString("en")} file${count === 1 ? "" : "s"}`;

function cluster(each, search) {
  const content = document.createElement("span");
  const words = document.createElement("span");
  words.className = "visually-hidden";
  words.textContent = `${text(each.assets)}${each.name ? ` around ${each.name}` : ""}`;
  const shown = document.createElement("span");
  shown.setAttribute("aria-hidden", "true");
  shown.textContent = each.assets > 999 ? `${Math.round(each.assets / 1000)}k` : each.assets;
  content.append(shown, words);
  const size = 26 + 6 * Math.min(4, Math.log10(each.assets));
  const marker = point([each.latitude, each.longitude], content, size, { title: words.textContent });
  const open = () => location.assign(`${search}?${new URLSearchParams({ q: each.search })}`);
  return marker.on("click", open).on("keypress", (event) => event.originalEvent.key === "Enter" && open());
}

function overview(element) {
  const { points, search, west, south, east, north } = element.dataset;
  const map = atlas(element, "Map of where files were taken. The same places are listed by name below.");
  const layer = L.layerGroup().addTo(map);
  const status = document.querySelector("[data-map-status]");
  let asked = null;

  async function ask() {
    asked?.abort();
    asked = new AbortController();
    const box = map.getBounds();
    const view = new URLSearchParams({
      west: box.getWest().toFixed(4), south: box.getSouth().toFixed(4),
      east: box.getEast().toFixed(4), north: box.getNorth().toFixed(4), zoom: map.getZoom(),
    });
    history.replaceState(null, "", `?${view}`);
    try {
      const answer = await fetch(`${points}?${view}`, { headers: { Accept: "application/json" }, signal: asked.signal });
      if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`);
      show((await answer.json()).points);
    } catch (problem) {
      if (problem.name !== "AbortError") status.textContent = "The points could not be fetched. Move the map to try again.";
    }
  }

  function show(found) {
    layer.clearLayers();
    for (const each of found) layer.addLayer(cluster(each, search));
    const files = found.reduce((sum, each) => sum + each.assets, 0);
    status.textContent = found.length ? `${text(files)} with a position in this view. A point opens what was taken near it.` : "Nothing with a position in this view.";
  }

  if (Number(east) - Number(west) < 359) map.fitBounds([[south, west], [north, east]]);
  map.on("moveend", ask);
  ask();
}

function ofAsset(element) {
  const listed = [...element.closest("section").querySelectorAll("[data-latitude]")];
  const places = listed.map((each) => [Number(each.dataset.latitude), Number(each.dataset.longitude)]);
  const map = atlas(element, "Map of where this was taken. The places are listed below.");
  for (const place of places) L.circleMarker(place, { className: "map-dot", radius: 7, interactive: false }).addTo(map);
  map.fitBounds(L.latLngBounds(places), { maxZoom: 4, padding: [24, 24] });
}

for (const element of document.querySelectorAll("[data-map]")) {
  if (element.closest("[data-place-picker]")) continue;
  if (element.dataset.points) overview(element);
  else ofAsset(element);
}
