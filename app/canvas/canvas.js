// What the page adds to the canvas, which is a frame of its own: it marks the step that is shown, gives the canvas
// its height and a view that can be read, lets the wheel move it, and gives keys their meaning.
(() => {
  const PLACE = '.st-key-pipelines-canvas', READABLE = 0.8, LEAST = 0.66, MOST = 1.15, LEFT = 44, EDGE = 12, LOWEST = 320;
  const canvas = window.tandemCanvas ??= { marked: '' };
  canvas.wish = WISH;
  const frameOf = () => document.querySelector(`${PLACE} iframe`);
  const pageOf = (frame) => frame?.contentDocument?.querySelector('.react-flow__nodes') && frame.contentDocument;

  const mark = (page) => {
    const wanted = canvas.marked;
    for (const one of page.querySelectorAll('.react-flow__node, .react-flow__edge')) {
      const name = one.dataset.id ?? one.dataset.testid?.replace(/^rf__edge-/, '');
      one.toggleAttribute('data-chosen', name === wanted);
    }
  };
  const dress = (page) => {
    let style = page.getElementById('tandem');
    if (!style) {
      style = page.head.appendChild(page.createElement('style'));
      style.id = 'tandem';
    }
    style.textContent = `html, body, #root { height: 100%; margin: 0; } #root > div { height: 100vh !important; }
      .react-flow__node[data-chosen] { border-width: 2px 2px 2px 5px !important; border-top-color: ${canvas.wish.colour} !important;
        border-right-color: ${canvas.wish.colour} !important; border-bottom-color: ${canvas.wish.colour} !important; }
      .react-flow__edge[data-chosen] path.react-flow__edge-path { stroke: ${canvas.wish.colour} !important; stroke-width: 2.5 !important; }
      .react-flow__node:focus-visible { outline: 2px solid ${canvas.wish.colour}; outline-offset: 2px; }`;
  };

  const bounds = (page) => {
    const found = [...page.querySelectorAll('.react-flow__node')].map((node) => {
      const at = new DOMMatrix(node.style.transform);
      return [at.e, at.f, at.e + node.offsetWidth, at.f + node.offsetHeight];
    });
    const edge = (pick, place) => pick(...found.map((one) => one[place]));
    return found.length ? [edge(Math.min, 0), edge(Math.min, 1), edge(Math.max, 2), edge(Math.max, 3)] : null;
  };
  const viewOf = (page) => [...page.querySelectorAll('.react-flow__renderer, .react-flow__pane')].find((one) => one.__zoom);
  let tick = 0;
  const look = (page, scale, x, y) => { // through the wheel, the one way in; each time at another place, or it is one turn
    const view = viewOf(page);
    if (!view) return;
    view.__zoom = new view.__zoom.constructor(scale, x, y);
    view.dispatchEvent(new WheelEvent('wheel', { deltaY: 1e-4, clientX: tick++ % 7, clientY: 0, bubbles: false, cancelable: true }));
  };
  const limit = (frame) => { // down to the end of the window, so that what is below begins there
    const top = frame.getBoundingClientRect().top + (canvas.wish.full ? 0 : document.querySelector('[data-testid=stMain]').scrollTop);
    return canvas.wish.full ? innerHeight - 150 : Math.max(LOWEST, Math.round(innerHeight - top - 64));
  };
  const fit = (frame, page) => {
    const box = bounds(page);
    if (!box || !frame.clientWidth) return;
    const [wide, high] = [box[2] - box[0], box[3] - box[1]], room = limit(frame);
    const across = (frame.clientWidth - LEFT - EDGE) / wide, whole = (room - 2 * EDGE) / high;
    const scale = Math.max(Math.min(across, MOST, Math.max(whole, READABLE)), LEAST);
    const height = canvas.wish.full ? room : Math.min(room, Math.max(150, Math.ceil(high * scale) + 2 * EDGE));
    frame.style.setProperty('height', `${height}px`, 'important');
    if (canvas.moved) return;
    const x = Math.max(LEFT, (frame.clientWidth - wide * scale) / 2) - box[0] * scale;
    look(page, scale, x, EDGE - box[1] * scale);
  };
  const show = (frame, page) => { // bring the step that is shown into the view, where it is outside
    const node = page.querySelector('.react-flow__node[data-chosen]'), at = viewOf(page)?.__zoom;
    if (!node || !at) return;
    const place = new DOMMatrix(node.style.transform); // what the frame shows may still be of before `fit`
    const off = (start, size, room) => start < 0 ? 24 - start : start + size > room ? room - 24 - start - size : 0;
    const right = off(place.e * at.k + at.x, node.offsetWidth * at.k, frame.clientWidth);
    const down = off(place.f * at.k + at.y, node.offsetHeight * at.k, frame.clientHeight);
    if (right || down) look(page, at.k, at.x + right, at.y + down);
  };

  const wheel = (event, frame, page) => { // moves the canvas as far as it goes, then the page; with Ctrl it zooms
    if (!event.isTrusted) return;
    if (event.ctrlKey || event.metaKey) { canvas.moved = true; return; }
    event.stopPropagation();
    const box = bounds(page), at = viewOf(page)?.__zoom;
    if (!box || !at) return;
    const reach = (now, low, high, room, by) => {
      const [top, end] = [low * at.k + now - EDGE, high * at.k + now + EDGE - room];
      return by > 0 ? Math.min(by, Math.max(0, end)) : Math.max(by, Math.min(0, top));
    };
    const down = reach(at.y, box[1], box[3], frame.clientHeight, event.deltaY);
    const right = reach(at.x, box[0], box[2], frame.clientWidth, event.deltaX);
    if (!down && !right) return;
    event.preventDefault();
    canvas.moved = true;
    look(page, at.k, at.x - right, at.y - down);
  };

  const press = (place) => // a key names what the button is for, after the place
    document.querySelector(`:is(.st-key-${place}, [class*='st-key-${place}-']) button:not(:disabled)`)?.click();
  const step = (page, node, by) => {
    const all = [...page.querySelectorAll('.react-flow__node')];
    all[(all.indexOf(node) + by + all.length) % all.length].focus();
  };
  const keys = (event, page) => {
    const node = event.target.closest?.('.react-flow__node'), held = event.ctrlKey || event.metaKey;
    const arrow = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const taken = () => { event.stopPropagation(); event.preventDefault(); };
    if (event.key === 'Escape' && canvas.wish.full) { taken(); press('pipelines-full'); }
    else if (held && event.key === 'Enter') { taken(); press('pipelines-run'); }
    else if (held && event.key.toLowerCase() === 'z') { taken(); press(event.shiftKey ? 'pipelines-redo' : 'pipelines-undo'); }
    else if (event.key === 'Delete' || event.key === 'Backspace') {
      taken();
      if (canvas.marked && canvas.marked === canvas.wish.chosen) press(canvas.wish.link ? 'pipelines-unlink' : 'pipelines-remove');
    } else if (node && (event.key === 'Enter' || event.key === ' ')) { taken(); node.click(); }
    else if (node && arrow) { taken(); step(page, node, arrow); }
  };

  const attend = (frame, page) => {
    page.addEventListener('click', (event) => {
      const node = event.target.closest?.('.react-flow__node');
      if (node) { canvas.marked = node.dataset.id; mark(page); }
      if (event.isTrusted && event.target.closest?.('.react-flow__controls')) canvas.moved = true;
    }, true);
    page.addEventListener('mousemove', (event) => { if (event.buttons && event.isTrusted) canvas.moved = true; }, true);
    page.addEventListener('wheel', (event) => wheel(event, frame, page), { capture: true, passive: false });
    page.addEventListener('keydown', (event) => keys(event, page), true);
    let waits = 0;
    const again = () => { waits ||= requestAnimationFrame(() => { waits = 0; mark(page); fit(frame, page); if (!canvas.moved) show(frame, page); }); };
    const watched = { childList: true, subtree: true, attributes: true, attributeFilter: ['style'] };
    new MutationObserver(again).observe(page.querySelector('.react-flow__nodes'), watched);
    new MutationObserver(again).observe(page.querySelector('.react-flow__edges') ?? page.body, { childList: true });
    new ResizeObserver(again).observe(frame);
    canvas.moved = false;
  };
  const now = () => {
    const frame = frameOf(), page = pageOf(frame);
    if (!page) return false;
    if (canvas.page !== page) { canvas.page = page; attend(frame, page); }
    canvas.marked = canvas.wish.chosen;
    if (canvas.full !== canvas.wish.full) { canvas.full = canvas.wish.full; canvas.moved = false; }
    document.body.classList.toggle('tandem-full', canvas.full);
    dress(page);
    mark(page);
    fit(frame, page);
    show(frame, page);
    return true;
  };
  const soon = (left) => { if (!now() && left) setTimeout(() => soon(left - 1), 50); };
  clearTimeout(canvas.timer);
  soon(1200);

  if (!canvas.guards) { // in a text, Ctrl+Enter is the text's; what it makes of it is done before this
    canvas.guards = true;
    document.body.addEventListener('keydown', (event) => {
      const texts = 'textarea, input:not([type=checkbox], [type=radio], [type=range]), [contenteditable=true]';
      const meant = (event.ctrlKey || event.metaKey) && event.key === 'Enter';
      const free = event.target === document.body || event.target.closest?.('.st-key-pipelines-full');
      if (event.key === 'Escape' && free && canvas.wish.full && document.querySelector(PLACE)) press('pipelines-full');
      if (meant && event.target.matches?.(texts) && document.querySelector(PLACE)) event.stopPropagation();
    });
    addEventListener('resize', () => { const page = pageOf(frameOf()); if (page) fit(frameOf(), page); });
  }
})();
