/* Full-text search in the browser. MiniSearch ranks; which words are looked for follows the Vietnamese rules:

   - case, Unicode form and tone placement never matter;
   - a word typed without marks finds every spelling of it, one with marks only that spelling;
   - an exact spelling ranks first; a query with marks that finds nothing is asked again without them;
   - an abbreviation is the same word as what it stands for.

   "a phrase", -word, word*, a OR b, title:word and =literal are understood. The index lies in small files, sorted
   by unmarked spelling; only those that a query needs are loaded. */
"use strict";
(function () {
  const { foldTerm, terms, spans, isOpen, twin } = gvreader.vietnamese;
  const FIELDS = ["title", "text", "files"];
  const BOOST = { title: 10, text: 1, files: 0.5 };
  const MOST_WORDS = 64;
  const MOST_SHARDS = 40;
  const MOST_SPELLINGS = 256;
  const MOST_VARIANTS = 16;
  const TOKEN = /(-?)(?:(title|author|org):)?(=?)(?:["“”]([^"“”]*)["“”]?|([^\s"“”()]+))/gu;

  // ── what was typed ─────────────────────────────────────────────────────────

  function word(term, exact) {
    return { term, exact, open: !exact && isOpen(term) };
  }

  /* Alternatives (OR) of lists of items; an item is words side by side, with other ways of saying the same. */
  function parse(text, forms) {
    const groups = [[]];
    let left = MOST_WORDS;
    for (const match of text.normalize("NFC").matchAll(TOKEN)) {
      const [, minus, field, literal, quoted, bare] = match;
      if (bare === "OR" && !minus && !literal) { groups.push([]); continue; }
      if (bare === "AND" && !minus && !literal) continue;
      const value = quoted === undefined ? bare : quoted;
      const found = terms(value).slice(0, left);
      left -= found.length;
      if (!found.length) continue;
      groups[groups.length - 1].push({
        negative: minus === "-",
        // The sign-off is part of the text that is searched here.
        field: field === "title" ? field : null,
        words: found.map((term) => word(term, literal === "=")),
        prefix: /[^*]\*$/.test(value),
        plain: quoted === undefined && found.length === 1 && !literal && !value.endsWith("*"),
        number: quoted === undefined && /\d/.test(value) && found.length > 1,
        concepts: [],
        variants: [],
      });
    }
    return groups.map((items) => withForms(items, forms)).filter((items) => items.length);
  }

  /* Runs of plain words that are an abbreviation or what one stands for become one item. */
  function withForms(items, forms) {
    const result = [];
    for (let index = 0; index < items.length; ) {
      const item = items[index];
      if (!item.plain) {
        if (!item.prefix && !item.number && !item.words[0].exact) item.variants = variants(item.words, forms);
        result.push(item);
        index += 1;
        continue;
      }
      let end = index;
      while (end < items.length && items[end].plain && items[end].field === item.field && !items[end].negative) end += 1;
      if (item.negative) end = index + 1;
      const run = items.slice(index, end).map((one) => one.words[0]);
      const [length, concepts] = forms.at(run, 0);
      if (length) {
        result.push({ ...item, words: run.slice(0, length), concepts, together: false });
        index += length;
      } else {
        result.push(item);
        index += 1;
      }
    }
    return result;
  }

  /* A phrase with each abbreviation in it written out, or the other way round. */
  function variants(words, forms) {
    let ways = [[]];
    for (let index = 0; index < words.length; ) {
      const [length, concepts] = forms.at(words, index);
      const step = length || 1;
      const own = words.slice(index, index + step);
      const pieces = [own];
      for (const concept of concepts) {
        for (const form of forms.of(concept)) pieces.push(form.map((term) => word(term, true)));
      }
      ways = ways.flatMap((way) => pieces.map((piece) => way.concat(piece))).slice(0, MOST_VARIANTS);
      index += step;
    }
    return ways.slice(1);
  }

  /* The table of abbreviations: groups of ways of writing one meaning. */
  class Forms {
    constructor(groups) {
      this.groups = groups.map((group) => group.map((form) => form.split(" ")));
      this.byFolded = new Map();
      this.longest = 0;
      this.groups.forEach((group, number) => {
        for (const form of group) {
          const key = form.map(foldTerm).join(" ");
          if (!this.byFolded.has(key)) this.byFolded.set(key, []);
          this.byFolded.get(key).push([form, number]);
          this.longest = Math.max(this.longest, form.length);
        }
      });
    }
    of(number) {
      return this.groups[number];
    }
    /* The longest form that begins at a word: its length, and the numbers of what it may mean. */
    at(words, start) {
      for (let length = Math.min(this.longest, words.length - start); length > 0; length -= 1) {
        const typed = words.slice(start, start + length);
        const key = typed.map((one) => foldTerm(one.term)).join(" ");
        const meant = (this.byFolded.get(key) || [])
          .filter(([form]) => form.every((term, index) => standsFor(typed[index], term)))
          .map(([, number]) => number);
        if (meant.length) return [length, Array.from(new Set(meant))];
      }
      return [0, []];
    }
  }

  function standsFor(typed, term) {
    return typed.open || typed.term === term || twin(typed.term) === term;
  }

  /* Whether a word of a text is what was typed. */
  function accepts(typed, term, prefix) {
    if (prefix) return (typed.open ? foldTerm(term) : term).startsWith(typed.term);
    if (typed.exact) return term === typed.term;
    if (typed.open) return foldTerm(term) === typed.term || foldTerm(term) === twin(typed.term);
    return term === typed.term || term === twin(typed.term);
  }

  // ── the index ──────────────────────────────────────────────────────────────

  class Index {
    constructor(head) {
      this.head = head;
      this.forms = new Forms(head.forms);
      this.shards = new Map();
    }
    async lengths() {
      if (!this.ofFields) {
        this.ofFields = (await gvreader.load("lengths")).split(";").map((one) => one.split(",").map((n) => parseInt(n, 36)));
      }
      return this.ofFields;
    }
    /* The spellings in the index whose unmarked form is `folded`, or begins so; with their postings. */
    async spellings(folded, prefix) {
      const firsts = this.head.shards;
      let low = 0, high = firsts.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (inOrder(firsts[middle], folded)) low = middle + 1; else high = middle;
      }
      const found = [];
      for (let number = Math.max(low - 1, 0), loaded = 0; number < firsts.length && loaded < MOST_SHARDS; number += 1, loaded += 1) {
        if (!inOrder(firsts[number], folded) && !(prefix && firsts[number].startsWith(folded))) break;
        for (const [key, list] of await this.shard(number)) {
          if (key === folded || (prefix && key.startsWith(folded))) found.push(...list);
        }
      }
      return found;
    }
    async shard(number) {
      if (!this.shards.has(number)) {
        const entries = new Map();
        for (const line of (await gvreader.load("terms-" + (number + 1))).split("\n")) {
          const [key, term, ...postings] = line.split("|");
          if (!entries.has(key)) entries.set(key, []);
          entries.get(key).push([term, postings]);
        }
        this.shards.set(number, entries);
      }
      return this.shards.get(number);
    }
    async document(number) {
      const size = this.head.documentsInFile;
      const file = await gvreader.load("documents-" + (Math.floor(number / size) + 1));
      const [title, name, facts] = file[number % size];
      return { title, name, facts };
    }
    async text(number) {
      const size = this.head.textsInFile;
      return (await gvreader.load("texts-" + (Math.floor(number / size) + 1)))[number % size];
    }
  }

  /* Whether `a` is not behind `b` in the order of code points, which the index is sorted by. */
  function inOrder(a, b) {
    const left = Array.from(a), right = Array.from(b);
    for (let place = 0; place < left.length && place < right.length; place += 1) {
      if (left[place] !== right[place]) return left[place].codePointAt(0) < right[place].codePointAt(0);
    }
    return left.length <= right.length;
  }

  function unpacked(postings) {
    const documents = {};
    let number = 0;
    for (const posting of postings ? postings.split(",") : []) {
      const [delta, count] = posting.split(":");
      number += parseInt(delta, 36);
      documents[number] = count ? parseInt(count, 36) : 1;
    }
    return documents;
  }

  // ── one search ─────────────────────────────────────────────────────────────

  /* Finds documents for parsed groups, best first; phrases still have to be checked in the texts. */
  async function candidates(index, groups) {
    const loaded = new Map();
    const keep = (entries) => {
      for (const [term, postings] of entries) loaded.set(term, postings);
      return entries.map(([term]) => term);
    };
    async function ways(typed, prefix) {
      const folded = foldTerm(typed.term);
      const asked = [folded];
      const other = typed.exact ? null : twin(folded);
      if (other && !prefix) asked.push(other);
      const entries = [];
      for (const one of asked) entries.push(...(await index.spellings(one, prefix)));
      const fitting = entries.filter(([term]) => accepts(typed, term, prefix));
      return keep(fitting.slice(0, MOST_SPELLINGS));
    }
    const any = (queries, fields) => ({ combineWith: "OR", queries: queries.length ? queries : [{ combineWith: "AND", queries: [] }], ...(fields ? { fields } : {}) });
    async function sequence(words, prefix, fields) {
      const queries = [];
      for (let place = 0; place < words.length; place += 1) {
        const found = await ways(words[place], prefix && place === words.length - 1);
        if (!found.length) return null;
        queries.push(any(found, fields));
      }
      return { combineWith: "AND", queries };
    }
    async function query(item) {
      const fields = item.field ? [item.field] : undefined;
      const alternatives = [await sequence(item.words, item.prefix, fields)];
      for (const variant of item.variants) alternatives.push(await sequence(variant, false, fields));
      for (const concept of item.concepts) {
        const found = keep(await index.spellings("#" + concept, false));
        if (found.length) alternatives.push(any(found, fields));
      }
      const possible = alternatives.filter(Boolean);
      return possible.length ? { combineWith: "OR", queries: possible } : null;
    }
    const trees = [];
    for (const items of groups) {
      const wanted = [], unwanted = [];
      for (const item of items) (item.negative ? unwanted : wanted).push([item, await query(item)]);
      if (!wanted.length || wanted.some(([, tree]) => !tree)) continue;
      const all = { combineWith: "AND", queries: wanted.map(([, tree]) => tree) };
      // A phrase is taken away only where the text says it, which is seen later.
      const away = unwanted.filter(([item, tree]) => tree && !isPhrase(item)).map(([, tree]) => tree);
      trees.push(away.length ? { combineWith: "AND_NOT", queries: [all, ...away] } : all);
    }
    if (!trees.length) return [];
    const engine = MiniSearch.loadJS(await plain(index, loaded), options());
    const results = engine.search({ combineWith: "OR", queries: trees });
    for (const result of results) {
      result.exact = groups.some((items) => items.every((item) => item.negative || isExact(item, result.match)));
      result.titled = groups.some((items) => items.every((item) => item.negative || inTitle(item, result.match)));
    }
    return results.sort(
      (a, b) => b.exact - a.exact || b.titled - a.titled || b.score - a.score || a.id - b.id
    );
  }

  function options() {
    return {
      fields: FIELDS,
      tokenize: (text) => [text],
      processTerm: (term) => term,
      searchOptions: { boost: BOOST, prefix: false, fuzzy: false },
    };
  }

  /* What MiniSearch writes itself when an index is saved, for the terms of this query alone. */
  async function plain(index, loaded) {
    const lengths = await index.lengths();
    const ids = {}, fieldLength = {};
    const entries = [];
    for (const [term, postings] of loaded) {
      const byField = {};
      postings.forEach((list, field) => {
        if (!list) return;
        byField[field] = unpacked(list);
        for (const number of Object.keys(byField[field])) {
          ids[number] = Number(number);
          fieldLength[number] = lengths[number];
        }
      });
      entries.push([term, byField]);
    }
    return {
      documentCount: index.head.documents,
      nextId: index.head.documents,
      documentIds: ids,
      fieldIds: { title: 0, text: 1, files: 2 },
      fieldLength,
      averageFieldLength: index.head.average,
      storedFields: {},
      dirtCount: 0,
      index: entries,
      serializationVersion: 2,
    };
  }

  function isExact(item, match) {
    const typed = item.words.every((one, place) =>
      item.prefix && place === item.words.length - 1
        ? Object.keys(match).some((term) => term.startsWith(one.term))
        : one.term in match
    );
    if (typed || item.words.every((one) => one.open)) return typed;
    return item.concepts.some((concept) => "#" + concept in match);
  }

  function inTitle(item, match) {
    return item.words.every((one) =>
      Object.keys(match).some((term) => match[term].includes("title") && accepts(one, term, item.prefix))
    );
  }

  const isPhrase = (item) => item.words.length > 1 && item.together !== false;

  function relaxedGroups(groups) {
    let changed = false;
    const relaxed = groups.map((items) =>
      items.map((item) => {
        if (item.negative) return item;
        const words = item.words.map((one) => {
          if (one.exact || one.open) return one;
          changed = true;
          return word(foldTerm(one.term), false);
        });
        return { ...item, words };
      })
    );
    return changed ? relaxed : null;
  }

  /* Where one of the sequences of words stands in a text. */
  function places(found, sequences) {
    const marks = [];
    for (let start = 0; start < found.length; start += 1) {
      for (const { words, prefix } of sequences) {
        const fits = words.every(
          (one, place) =>
            start + place < found.length && accepts(one, found[start + place].term, prefix && place === words.length - 1)
        );
        if (fits) {
          marks.push([found[start].start, found[start + words.length - 1].end]);
          start += words.length - 1;
          break;
        }
      }
    }
    return marks;
  }

  /* Ways of saying an item other than by its own words. */
  function otherWays(item, forms) {
    const written = item.concepts.flatMap((concept) => forms.of(concept).map((form) => form.map((term) => word(term, true))));
    return item.variants.concat(written).map((words) => ({ words, prefix: false }));
  }

  /* What is to be marked in a text for an item. */
  function sequencesOf(item, forms) {
    const own = isPhrase(item)
      ? [{ words: item.words, prefix: item.prefix }]
      : item.words.map((one) => ({ words: [one], prefix: item.prefix }));
    return otherWays(item, forms).concat(own);
  }

  /* Whether a document says what it must and nothing that it must not, phrases word for word. */
  function holds(groups, forms, title, text) {
    const says = (parts, sequence) => parts.some((found) => places(found, [sequence]).length > 0);
    const inTitle = [spans(title)];
    const anywhere = [inTitle[0], spans(text)];
    return groups.some((items) =>
      items.every((item) => {
        const parts = item.field ? inTitle : anywhere;
        const { words, prefix } = item;
        const own = isPhrase(item) ? says(parts, { words, prefix }) : words.every((one) => says(parts, { words: [one], prefix }));
        return (own || otherWays(item, forms).some((sequence) => says(parts, sequence))) !== item.negative;
      })
    );
  }

  /* Candidates; where there are phrases, those of the best whose text says them, and whether more were left unread. */
  async function found(index, groups) {
    const results = await candidates(index, groups);
    if (!groups.flat().some(isPhrase)) return [results, false];
    const kept = [];
    for (const result of results.slice(0, index.head.mostChecked)) {
      const { title } = await index.document(result.id);
      if (holds(groups, index.forms, title, await index.text(result.id))) kept.push(result);
    }
    return [kept, results.length > index.head.mostChecked];
  }

  /* The index of this site. */
  gvreader.open = async () => new Index(await gvreader.load("head"));

  /* What a query finds: documents, best first; whether marks were ignored to find any; whether there may be more
     than were checked word for word; and what to mark in texts. */
  gvreader.search = async (index, text) => {
    let groups = parse(text, index.forms);
    let [results, cut] = await found(index, groups);
    let relaxed = false;
    const open = results.length ? null : relaxedGroups(groups);
    if (open) {
      groups = open;
      [results, cut] = await found(index, open);
      relaxed = results.length > 0;
    }
    const wanted = groups.flat().filter((item) => !item.negative);
    const sequences = wanted.flatMap((item) => sequencesOf(item, index.forms));
    return { results, relaxed, cut, marks: (shown) => places(spans(shown), sequences) };
  };
})();
