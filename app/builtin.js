// Streamlit's own words in the language of the screen, as they appear; with an empty table they go back to English.
(() => {
  const said = window.tandemSaid ??= { changed: new Map(), table: {} };
  said.table = TABLE;
  const USERS = '[role=option], [data-baseweb=select], [data-testid=stMarkdownContainer], [data-testid=stCode], pre, textarea';
  const OURS = '[data-testid=stFileUploaderDropzone] button, [data-testid=stTooltipContent]';

  const word = (text) => {
    const { words, beginnings, patterns } = said.table;
    const plain = text.trim();
    if (!words || !plain || plain.length > 200) return null;
    if (Object.hasOwn(words, plain)) return words[plain];
    const [begin, rest] = plain.split(/: (.*)/s);
    if (rest && Object.hasOwn(beginnings, begin)) return `${beginnings[begin]}：${rest}`;
    for (const [pattern, ours] of patterns) {
      const found = plain.replace(new RegExp(pattern), ours);
      if (found !== plain) return found;
    }
    return null;
  };
  const text = (node) => {
    const holder = node.parentElement;
    if (!holder || (holder.closest(USERS) && !holder.closest(OURS))) return;
    const ours = word(node.data);
    if (ours && ours !== node.data) {
      said.changed.set(node, [node.data, ours]);
      node.data = ours;
    }
  };
  const attributes = (element) => {
    for (const name of ['placeholder', 'title', 'aria-label']) {
      const ours = element.hasAttribute(name) && word(element.getAttribute(name));
      if (ours) element.setAttribute(name, ours);
    }
  };
  const all = (root) => {
    if (root.nodeType === Node.TEXT_NODE) return text(root);
    if (root.nodeType !== Node.ELEMENT_NODE) return;
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = root; node; node = walker.nextNode()) node.nodeType === Node.TEXT_NODE ? text(node) : attributes(node);
  };
  for (const [node, [before, ours]] of said.changed) if (node.isConnected && node.data === ours) node.data = before;
  said.changed.clear();
  all(document.body);
  said.watcher?.disconnect();
  if (!said.table.words) return;
  said.watcher = new MutationObserver((changes) => {
    for (const node of said.changed.keys()) if (!node.isConnected) said.changed.delete(node);
    for (const change of changes) {
      if (change.type === 'characterData') text(change.target);
      else if (change.type === 'attributes') attributes(change.target);
      else change.addedNodes.forEach(all);
    }
  });
  said.watcher.observe(document.body, {
    subtree: true, childList: true, characterData: true, attributes: true,
    attributeFilter: ['placeholder', 'title', 'aria-label'],
  });
})();
