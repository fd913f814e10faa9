// Mixes the spoken audio description into a film: a second sound that starts, stops and seeks with it.
const DRIFT = 0.25; // seconds
const film = document.querySelector("video[data-player]");

function align() {
  const sound = document.querySelector("audio[data-narration]");
  if (!sound) return;
  const wanted = document.querySelector("[data-narration-toggle]")?.checked && !film.paused && !film.ended;
  if (!wanted) {
    sound.pause();
    return;
  }
  sound.playbackRate = film.playbackRate;
  if (Math.abs(sound.currentTime - film.currentTime) > DRIFT) sound.currentTime = film.currentTime;
  if (sound.paused) sound.play().catch(() => { /* the browser wants a gesture first; the film plays on */ });
}

if (film) {
  for (const name of ["play", "pause", "seeked", "ratechange", "timeupdate", "ended"]) film.addEventListener(name, align);
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-narration-toggle]")) align();
  });
}
