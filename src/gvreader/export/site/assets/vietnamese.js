/* How words are spelled and compared: the same rules as gvreader.vietnamese, which the tests hold them to.

   A term is one word in lower case, NFC, with traditional tone placement. Folded, it carries no mark. */
"use strict";
(function () {
  const VOWELS = "aăâeêioôơuưy";
  const TONES = ["", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323"];
  const LONGEST_TERM = 64;
  const LONGEST_SYLLABLE = 7;
  const LOOKALIKES = { "\u00d0": "Đ", "\u00f0": "đ", "\u0189": "Đ", "\u0256": "đ" };
  const SAME_LETTER = { "đ": "d", "ð": "d", "ɖ": "d", "ς": "σ" };
  const SPLIT = new RegExp("^(ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?([" + VOWELS + "]+)([a-zđ]*)$");
  const CODAS = new Set(["", "c", "ch", "m", "n", "ng", "nh", "p", "t"]);
  const WORD = /[\p{L}\p{N}](?:[\p{L}\p{N}]|[\u0300-\u036f])*/gu;
  const LETTERS = /\p{L}+/gu;
  const JOINERS = /[\u00ad\u200c\u200d\u2060\ufeff]/;
  const TWIN = /^(h|k|l|m|s|t|v|qu)(?:([iìỉĩíị])|([yỳỷỹýỵ]))$/;

  const toned = new Map();
  const withTone = new Map();
  for (const vowel of VOWELS + VOWELS.toUpperCase()) {
    TONES.forEach((mark, tone) => {
      const letter = (vowel + mark).normalize("NFC");
      toned.set(letter, [vowel, tone]);
      withTone.set(vowel + tone, letter);
    });
  }

  function carriers(text) {
    const table = new Map();
    for (const part of text.split(";")) {
      const [clusters, place] = part.split(":");
      for (const cluster of clusters.split(" ")) table.set(cluster, Number(place));
    }
    return table;
  }
  // Which letter of a vowel cluster carries the tone, in syllables without and with a final consonant.
  const OPEN = carriers(
    "oa oe uy ia ua ưa ai ao au ay âu ây eo êu iu oi ôi ơi ui ưi ưu:0;uê uơ iê yê uô ươ uâ:1;" +
      "oai oay oao oeo uây iêu yêu uôi ươi ươu uya uyu:1;uyê:2"
  );
  const CLOSED = carriers("oa oă oe uy uê uâ iê yê uô ươ:1;uyê:2");

  function carrier(plain) {
    const parts = SPLIT.exec(plain);
    if (!parts || !CODAS.has(parts[3])) return null;
    const onset = (parts[1] || "").length;
    if (parts[2].length === 1) return onset;
    const offset = (parts[3] ? CLOSED : OPEN).get(parts[2]);
    return offset === undefined ? null : onset + offset;
  }

  function placeTone(word) {
    let plain = "", tone = 0, count = 0;
    for (const letter of word) {
      const [bare, number] = toned.get(letter) || [letter, 0];
      plain += bare;
      if (number) { tone = number; count += 1; }
    }
    if (count !== 1) return word;
    const place = carrier(plain.toLowerCase());
    if (place === null) return word;
    return plain.slice(0, place) + withTone.get(plain[place] + tone) + plain.slice(place + 1);
  }

  function normalise(text) {
    text = text.normalize("NFC").replace(/[\u00d0\u00f0\u0189\u0256]/g, (letter) => LOOKALIKES[letter]);
    return text.replace(LETTERS, (word, start, whole) => {
      // A mark left over after the word would join the letter that the tone leaves.
      if (word.length > LONGEST_SYLLABLE || /[\u0300-\u036f]/.test(whole[start + word.length] || "")) return word;
      return placeTone(word);
    });
  }

  function fold(text) {
    let bare = "";
    for (const letter of text.normalize("NFC").toLowerCase().normalize("NFD").replace(/\p{Mn}/gu, "")) {
      bare += SAME_LETTER[letter] || letter;
    }
    return bare.normalize("NFC");
  }

  function term(word) {
    return Array.from(normalise(word).replace(/ς/g, "σ")).slice(0, LONGEST_TERM).join("");
  }

  function foldTerm(word) {
    return Array.from(fold(word)).slice(0, LONGEST_TERM).join("") || word;
  }

  /* The words of a text: each term with where it stands. `text` must be NFC. */
  function spans(text) {
    const found = [];
    let clean = text, kept = null;
    if (JOINERS.test(text)) {
      kept = Array.from({ length: text.length }, (_, index) => index).filter((index) => !JOINERS.test(text[index]));
      clean = kept.map((index) => text[index]).join("");
    }
    for (const match of clean.matchAll(WORD)) {
      const end = match.index + match[0].length;
      const spelled = term(match[0].toLowerCase().normalize("NFC"));
      found.push({
        term: spelled,
        start: kept ? kept[match.index] : match.index,
        end: kept ? kept[end - 1] + 1 : end,
      });
    }
    return found;
  }

  const terms = (text) => spans(text.normalize("NFC")).map((span) => span.term);
  const isOpen = (word) => word === foldTerm(word);

  function twin(word) {
    const match = TWIN.exec(word);
    if (!match) return null;
    const i = "iìỉĩíị", y = "yỳỷỹýỵ";
    return match[1] + (match[2] ? y[i.indexOf(match[2])] : i[y.indexOf(match[3])]);
  }

  const waiting = new Map();
  window.gvreader = {
    vietnamese: { normalise, fold, term, foldTerm, terms, spans, isOpen, twin },
    data: new Map(),
    /* Called by the files of the index, which are scripts so that they load from a disk too. */
    put(name, value) {
      this.data.set(name, value);
    },
    /* A file of the index, loaded once. */
    load(name) {
      if (!waiting.has(name)) {
        waiting.set(name, new Promise((resolve, reject) => {
          const script = document.createElement("script");
          script.src = "search/" + name + ".js";
          script.onload = () => resolve(this.data.get(name));
          script.onerror = () => { waiting.delete(name); reject(new Error(name)); };
          document.head.append(script);
        }));
      }
      return waiting.get(name);
    },
  };
})();
