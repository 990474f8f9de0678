// The app under the hand. Without this file every page reads and every form works; with it a moved lever is
// answered at once by one run of the real engine, then by more. A reply to what is no longer asked is dropped.
const $ = (what, where = document) => where.querySelector(what);
const $$ = (what, where = document) => [...where.querySelectorAll(what)];
document.documentElement.classList.add("scripted");
const root = document.body.dataset.root;

linked();
const form = $("[data-levers]");
if (form) live(form);
menus();
explain();
copy();
twins();

function linked() {                     // many levers stand after the # of an address, which no server is sent: the page posts them
  const address = document.body.dataset.address, form = $("[data-linked]");
  if (address) history.replaceState(history.state, "", address);
  if (!form || !location.hash) return;
  form.action = location.href;
  $("[name=link]", form).value = location.hash.slice(1);
  form.submit();
}

function live(form) {
  $$("[data-noscript]", form).forEach(field => field.remove());
  const narrow = matchMedia("(max-width: 699px)");
  const shape = () => narrow.matches ? "narrow" : "wide";
  const fold = () => $$(".lever", form).forEach((one, k) => { one.open = !narrow.matches || one.hasAttribute("data-open") && k < 5; });
  fold();
  narrow.addEventListener("change", () => { fold(); if (!$(`#stairs svg.${shape()}`)) move(); });   // drawn in one form while more is to come
  $$(".lever > summary", form).forEach(one => one.addEventListener("click", event => { if (!narrow.matches) event.preventDefault(); }));

  let turn = 0, flying = false, again = false, source = null, idle = 0, shown = form.dataset.query;
  const asked = () => {
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value !== "" && name !== "find") query.append(name, value);
    const old = new URLSearchParams(shown).get("scenario");
    if (old) query.set("scenario", old);
    return query;
  };

  form.addEventListener("submit", event => { event.preventDefault(); move(); });
  form.addEventListener("input", event => {
    const lever = event.target.closest(".lever");
    if (event.target.name === "find" || event.target.name === "more:value") return;
    if (lever && event.target.matches("[data-slider]")) {
      $("[type=text]", lever).value = Math.round(event.target.value).toLocaleString("en-US");
      if ($("select", lever).value !== "ramp") $("select", lever).selectedIndex = 0;
    }
    if (event.target.value === "ramp") {      // rising evenly needs a day to be done by
      const until = $("[name$=':until']", event.target.closest(".when"));
      until.value ||= until.max;
    }
    if (lever) paint(lever, event.target);
    move();
  });
  form.addEventListener("change", event => { if (event.target.name === "more:value") move(); });
  form.addEventListener("keydown", event => {
    const lever = event.target.closest(".lever");
    if (!lever) return;
    if (event.target.matches("[data-slider]")) {
      const slider = event.target, top = +slider.max, step = +slider.dataset.step;
      const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 }[event.key];
      let to = null;
      if (by) to = +slider.value + by * step * (event.shiftKey ? 10 : 1);
      if (event.key === "Home") to = +lever.dataset.announced;
      if (event.key === "End") to = top;
      if (event.key === "Escape") to = +(lever.dataset.before ?? lever.dataset.announced);
      if (to === null) return;
      event.preventDefault();
      slider.value = Math.max(0, Math.min(top, to));
      slider.dispatchEvent(new Event("input", { bubbles: true }));
    } else if (event.key === "Escape") {
      const field = $("[type=text]", lever);
      field.value = Math.round(+(lever.dataset.before ?? lever.dataset.announced)).toLocaleString("en-US");
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
  form.addEventListener("focusin", event => {
    const lever = event.target.closest(".lever");
    if (lever) lever.classList.add("used");   // its further fields stay in sight: nothing moves back under the hand
    if (lever) lever.dataset.before = $("[type=text]", lever).value.replaceAll(",", "");
  });
  form.addEventListener("click", event => {
    const use = event.target.closest("[data-use]");
    if (!use) return;
    event.preventDefault();
    const lever = use.closest(".lever"), field = $("[type=text]", lever);
    field.value = use.dataset.use;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  });

  function paint(lever, moved) {   // what the hand needs before any answer: handle, stretch, field
    const announced = +lever.dataset.announced, top = +lever.dataset.top;
    const slider = $("[data-slider]", lever), to = value(lever);
    if (!Number.isFinite(to)) return;
    if (moved !== slider) slider.value = to;
    $(".moved-by", lever).setAttribute("d", `M${100 * announced / top},5H${100 * Math.min(to, top) / top}`);
    lever.classList.toggle("moved", to !== announced);
    $(".brief", lever).textContent = Math.round(to).toLocaleString("en-US");
    slider.setAttribute("aria-valuetext", `${Math.round(to).toLocaleString("en-US")} ${lever.dataset.unit}`);
  }

  function move() {
    turn += 1;
    stop();
    stale(true);
    clearTimeout(idle);
    if (flying) { again = true; return; }
    first(turn);
  }

  async function first(mine) {
    flying = true;
    again = false;
    const query = asked();
    try {
      const got = await fetch(`${root}/live?${query}&form=${shape()}`, { headers: { accept: "application/json" } });
      const said = await got.json();
      if (mine === turn) {
        if (got.ok) {
          wrong(null);
          take(said);
          if (said.runs && said.runs < said.of) idle = setTimeout(() => sharpen(mine, said.query), 150);
        } else wrong(said);
      }
    } catch {
      if (mine === turn) offline();
    }
    flying = false;
    if (again) first(turn);
  }

  function sharpen(mine, query) {
    stop();
    source = new EventSource(`${root}/stream?${query}&form=${shape()}`);
    source.addEventListener("answer", event => { if (mine === turn) take(JSON.parse(event.data)); });
    source.addEventListener("progress", event => { const { done } = JSON.parse(event.data), bar = $("#mine progress"); if (bar) bar.value = done; });
    source.addEventListener("failed", event => say(JSON.parse(event.data).words));
    source.addEventListener("done", stop);
    source.onerror = () => { stop(); };
  }

  function stop() { if (source) source.close(); source = null; }

  function take(said) {                 // all figures of one answer change together
    for (const [id, html] of Object.entries(said.parts)) {
      const part = document.getElementById(id);
      if (part) part.innerHTML = html;
    }
    for (const lever of $$(".lever", form)) {
      const path = lever.dataset.lever;
      $("[data-words]", lever).textContent = said.words[path] ?? "";
      $("[data-all]", lever).textContent = said.more[path] ?? "";
    }
    stale(false);
    say("");
    const total = $("#mine .total");
    if (said.runs === said.of || said.runs === 1) $("#spoken").textContent = said.runs === 1 ? form.dataset.first : form.dataset.runs.replace("{total}", total?.innerText ?? "").replace("{n}", said.runs);
    if (said.query !== shown) { history.replaceState(null, "", said.address); shown = said.query; carry(said.query); }
    document.dispatchEvent(new CustomEvent("answered", { detail: { key: said.key, runs: said.runs } }));
  }

  function carry(query) {               // links that carry the question
    for (const link of $$(".tabs a, .pages nav a, .aside a, .panel > .button, a[download], #answer .parts a[href*='/rules']")) {
      const to = new URL(link.href);
      link.href = to.pathname + (query ? `?${query}` : "");
    }
  }

  function stale(on) { const mine = $("#mine"); mine.classList.toggle("stale", on); mine.setAttribute("aria-busy", on); }
  function say(words) { const place = $("#message"); place.textContent = words; place.hidden = !words; }
  function wrong(said) {
    for (const lever of $$(".lever", form)) {
      const here = said && said.field === lever.dataset.lever, field = $("[type=text]", lever), line = $(".error", lever);
      if (here) { field.setAttribute("aria-invalid", "true"); field.setAttribute("aria-describedby", line.id); } else field.removeAttribute("aria-invalid");
      line.hidden = !here;
      if (!here) continue;
      lever.open = true;
      line.textContent = `${said.words}. `;
      if (said.nearest) { const link = document.createElement("a"); link.href = "#"; link.dataset.use = said.nearest; link.textContent = form.dataset.mend.replace("{n}", said.nearest); line.append(link); }
    }
    if (said) say(said.field && $(`[data-lever="${CSS.escape(said.field)}"]`, form) ? form.dataset.nothing : said.words);
  }
  function offline() {                  // moved levers as the command line takes them
    const open = $$(".lever.moved", form).map(lever => {
      const path = lever.dataset.lever, part = name => $(`[name="${CSS.escape(`${path}:${name}`)}"]`, lever).value;
      const more = value(lever) - lever.dataset.announced, until = part("until"), lag = part("after") || 0;
      if (part("how") === "ramp") {             // a lag moves both its days
        const last = new Date(Date.parse(until) - 864e5 * lag).toISOString().slice(0, 10);
        return `${path}=${+(+lever.dataset.own + more).toPrecision(10)}@${part("from")}~${last}+${lag}d`;
      }
      return `${path}=${more < 0 ? "" : "+"}${+more.toPrecision(10)}@${part("from")}${until ? `..${until}` : ""}+${lag}d`;
    });
    const sets = [...open, ...asked().getAll("set")];
    say(`${form.dataset.offline} ${form.dataset.run} ${sets.map(one => `--set "${one}"`).join(" ")}`);
  }

  function value(lever) {
    const text = $("[type=text]", lever).value, typed = Number(text.replaceAll(",", "").replace("%", "").replace("−", "-"));
    const announced = +lever.dataset.announced, how = $("select", lever).value;
    return /^[+\-−]/.test(text) || how === "more" ? announced + typed : how === "percent" ? announced * (1 + typed / 100) : typed;
  }

  const count = $("[data-count] select");
  if (count) count.addEventListener("change", () => { const query = new URLSearchParams(shown); query.set("count", count.value); query.delete("runs"); location.href = `${root}/?${query}`; });
  if (window.history.state === null && $("#mine progress:not(.done)") && shown) idle = setTimeout(() => sharpen(turn, shown.replace(/&?runs=\w+/, "")), 50);
}

function menus() {
  document.addEventListener("click", event => { for (const menu of $$("[data-menu][open]")) if (!menu.contains(event.target)) menu.open = false; });
  document.addEventListener("keydown", event => { if (event.key === "Escape") for (const menu of $$("[data-menu][open]")) { menu.open = false; $("summary", menu).focus(); } });
}

function explain() {                    // a number tells what it is in a dialog; without script its link is a page
  document.addEventListener("click", async event => {
    const link = event.target.closest?.("[data-explain]");
    if (!link || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const to = new URL(link.href);
    to.searchParams.set("part", "1");
    try {
      const got = await fetch(to);
      if (!got.ok) throw new Error();
      let box = $("dialog");
      if (!box) { box = document.createElement("dialog"); box.setAttribute("aria-label", document.body.dataset.number); document.body.append(box); box.addEventListener("click", one => { if (one.target === box) box.close(); }); }
      box.innerHTML = await got.text();
      const close = document.createElement("button");
      close.textContent = document.body.dataset.close;
      close.addEventListener("click", () => box.close());
      box.append(close);
      box.showModal();
    } catch { location.href = link.href; }
  });
}

function copy() {
  document.addEventListener("click", async event => {
    const link = event.target.closest?.("[data-copy]");
    if (!link || !navigator.clipboard) return;
    event.preventDefault();
    try { await navigator.clipboard.writeText(link.dataset.copy); link.textContent = document.body.dataset.copied; } catch { location.href = link.href; }
  });
}

function twins() {
  document.addEventListener("click", event => {
    const link = event.target.closest?.("[data-twin]");
    if (!link) return;
    const table = $(link.getAttribute("href")), fold = table?.closest("details");
    if (fold) fold.open = true;
  });
}

cites();

function cites() {                      // copying needs a script
  for (const button of $$("[data-copy-from]")) button.hidden = false;
  document.addEventListener("click", async event => {
    const button = event.target.closest?.("[data-copy-from]");
    if (!button) return;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copyFrom).textContent);
    button.textContent = document.body.dataset.copied;
  });
}
