// Picks into the lightbox: p on a tile or a result that has the focus, or on the page of an asset, at its second.
const ASSET = /\/assets\/([0-9]+)\/$/;
const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;

const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";

function tell(html) {
  const region = document.querySelector(".messages");
  if (region) region.outerHTML = html;
}

function failed() {
  tell('<div class="messages" role="status"><p class="message error"><span>It was not put into the lightbox: the server did not answer. Try again.</span></p></div>');
}

async function pick(address, fields) {
  const body = new URLSearchParams({ ...fields, csrfmiddlewaretoken: token() });
  try {
    const response = await fetch(address, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
    if (!response.ok || response.redirected) throw new Error(response.statusText);
    tell(await response.text());
  } catch {
    failed();
  }
}

// What of the asset is shown now: the second of the player, and the fact whose box is chosen.
function shownNow(form) {
  const player = document.querySelector("[data-player]");
  const chosen = document.querySelector("[data-boxes] .box.chosen");
  return {
    t: player && player.currentTime > 0 ? player.currentTime.toFixed(3) : form.elements.t.value,
    fact: chosen ? chosen.dataset.fact : form.elements.fact.value,
  };
}

function pickLinked(link) {
  const address = new URL(link.href);
  const id = ASSET.exec(address.pathname)?.[1];
  if (!id) return;
  const fields = { t: address.searchParams.get("t") ?? "", fact: address.searchParams.get("fact") ?? "" };
  pick(`${address.pathname}lightbox/`, fields);
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-lightbox]");
  if (!form) return;
  event.preventDefault();
  pick(form.action, shownNow(form));
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "p" || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (document.querySelector("dialog[open]")) return;
  const link = event.target.closest("a[href*='/assets/']");
  const form = document.querySelector("[data-lightbox]");
  if (link?.matches("[data-item], .tile, .moment")) pickLinked(link);
  else if (form) pick(form.action, shownNow(form));
});
