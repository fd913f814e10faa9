// A map of the world that needs no network: land and borders from Natural Earth, drawn as vectors.
import * as L from "../vendor/leaflet/leaflet-src.esm.js";
import "../vendor/topojson/topojson-client.min.js";

const WORLD = [[-85.05, -180], [85.05, 180]];
const STILL = matchMedia("(prefers-reduced-motion: reduce)").matches;

export { L };

/** A map in that element, of which the countries follow as soon as they are there. */
export function atlas(element, label) {
  element.hidden = false;
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", label);
  const map = L.map(element, {
    minZoom: 1, maxZoom: 14, maxBounds: WORLD, maxBoundsViscosity: 1, worldCopyJump: false,
    zoomAnimation: !STILL, fadeAnimation: !STILL, inertia: !STILL, attributionControl: false,
  });
  L.control.attribution({ prefix: false }).addAttribution("Natural Earth").addTo(map);
  map.setView([20, 0], 2);
  countries(element.closest("[data-atlas]").dataset.atlas, map);
  return map;
}

/** Rings that cross the 180th meridian go on beyond it, and are drawn at both ends of the map. */
function uncut(geometry) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  const whole = polygons.map((rings) => rings.map(unbroken));
  const moved = (rings, by) => rings.map((ring) => ring.map(([east, north]) => [east + by, north]));
  const beyond = whole.flatMap((rings) => {
    const furthest = Math.max(...rings[0].map(([east]) => east));
    const nearest = Math.min(...rings[0].map(([east]) => east));
    return furthest > 180.001 ? [moved(rings, -360)] : nearest < -180.001 ? [moved(rings, 360)] : [];
  });
  Object.assign(geometry, { type: "MultiPolygon", coordinates: [...whole, ...beyond] });
}

function unbroken(ring) {
  let turns = 0;
  return ring.map(([east, north], place) => {
    const step = place ? east - ring[place - 1][0] : 0;
    if (Math.abs(step) > 180) turns -= Math.sign(step);
    return [east + 360 * turns, north];
  });
}

async function countries(address, map) {
  const answer = await fetch(address);
  if (!answer.ok) return;
  const world = await answer.json();
  const shapes = globalThis.topojson.feature(world, world.objects.countries);
  for (const { geometry } of shapes.features) uncut(geometry);
  L.geoJSON(shapes, { interactive: false, style: { className: "land", weight: 0.6 } }).addTo(map);
}

/** A point of the map that can be reached with the keyboard; `content` is an element. */
export function point(place, content, size, options = {}) {
  const icon = L.divIcon({ className: "map-point", html: content, iconSize: [size, size] });
  return L.marker(place, { icon, keyboard: true, ...options });
}
