// Exhibitions: a clip is played once from its second, and again from there; one plays at a time.
const players = [...document.querySelectorAll(".exhibit video, .exhibit audio")];

for (const player of players) {
  const [, from, until] = /#t=([0-9.]+)(?:,([0-9.]+))?/.exec(player.src) ?? [];
  player.addEventListener("play", () => {
    if (until && player.currentTime >= Number(until) - 0.05) player.currentTime = Number(from);
    for (const other of players) if (other !== player) other.pause();
  });
}
