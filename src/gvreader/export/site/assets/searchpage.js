/* The search page: a field, a list of results, a button for more. Text is put in as text, never as markup. */
"use strict";
(function () {
  const PAGE = 20;
  const SNIPPET = 240;
  const PAUSE = 250;

  function marked(element, text, marks) {
    let last = 0;
    for (const [start, end] of marks) {
      if (start < last) continue;
      element.append(text.slice(last, start));
      const mark = document.createElement("mark");
      mark.textContent = text.slice(start, end);
      element.append(mark);
      last = end;
    }
    element.append(text.slice(last));
  }

  /* The text around the first match, from word to word. */
  function snippet(element, text, marks) {
    const first = marks.length ? marks[0][0] : 0;
    let start = text.lastIndexOf(" ", Math.max(0, first - SNIPPET / 3)) + 1;
    if (first < SNIPPET / 3) start = 0;
    let end = text.indexOf(" ", Math.min(text.length, start + SNIPPET));
    if (end < 0) end = text.length;
    if (start > 0) element.append("… ");
    const inside = marks.filter(([from, to]) => from >= start && to <= end);
    marked(element, text.slice(start, end), inside.map(([from, to]) => [from - start, to - start]));
    if (end < text.length) element.append(" …");
  }

  class Page {
    constructor(index) {
      this.index = index;
      this.labels = index.head.labels;
      this.form = document.getElementById("search");
      this.input = this.form.elements.q;
      this.status = document.getElementById("status");
      this.list = document.getElementById("results");
      this.more = document.getElementById("more");
      this.run = 0;
      this.form.addEventListener("submit", (event) => { event.preventDefault(); this.start(); });
      this.input.addEventListener("input", () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.start(), PAUSE);
      });
      this.more.addEventListener("click", () => this.show(this.run));
    }

    async start() {
      clearTimeout(this.timer);
      const run = (this.run += 1);
      const text = this.input.value.trim();
      try {
        history.replaceState(null, "", text ? "?q=" + encodeURIComponent(text) : "?");
      } catch { /* some browsers keep the address of a file as it is */ }
      this.list.replaceChildren();
      this.more.hidden = true;
      this.status.textContent = text ? this.labels.searching : "";
      document.body.dataset.state = text ? "searching" : "ready";
      if (!text) return;
      try {
        const answer = await gvreader.search(this.index, text);
        if (run !== this.run) return;
        this.answer = answer;
        this.shown = 0;
        this.say();
        await this.show(run);
        if (run === this.run) document.body.dataset.state = "done";
      } catch (error) {
        if (run !== this.run) return;
        this.status.textContent = this.labels.failed;
        document.body.dataset.state = "failed";
        throw error;
      }
    }

    say() {
      const count = this.answer.results.length;
      const number = count.toLocaleString(document.documentElement.lang);
      const label = count === 0 ? this.labels.none : count === 1 ? this.labels.one : this.labels.many;
      const notes = [label.replace("{n}", number)];
      if (this.answer.relaxed) notes.push(this.labels.relaxed);
      if (this.answer.cut) {
        const checked = this.index.head.mostChecked.toLocaleString(document.documentElement.lang);
        notes.push(this.labels.cut.replace("{n}", checked));
      }
      this.status.textContent = notes.join(" ");
    }

    async show(run) {
      const { results, marks } = this.answer;
      for (const result of results.slice(this.shown, this.shown + PAGE)) {
        const { title, name, facts } = await this.index.document(result.id);
        const text = await this.index.text(result.id);
        if (run !== this.run) return;
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = "article/" + name + ".html";
        marked(link, title, marks(title));
        const line = document.createElement("p");
        line.className = "facts";
        line.textContent = facts;
        const lead = document.createElement("p");
        snippet(lead, text, marks(text));
        item.append(link, line, lead);
        this.list.append(item);
        this.shown += 1;
      }
      this.more.hidden = this.shown >= results.length;
    }
  }

  gvreader.open().then((index) => {
    const page = new Page(index);
    const asked = new URLSearchParams(location.search).get("q");
    document.body.dataset.state = "ready";
    if (asked) {
      page.input.value = asked;
      page.start();
    } else {
      page.input.focus();
    }
  });
})();
