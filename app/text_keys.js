// In a text, Ctrl+Z and Ctrl+Y undo and redo the typing: they are kept from the buttons that have them as shortcuts.
(() => {
  if (window.tandemTextKeys) return;
  window.tandemTextKeys = true;
  const texts = 'textarea, input:not([type=checkbox], [type=radio], [type=range]), [contenteditable=true]';
  document.body.addEventListener('keydown', (event) => {
    const meant = (event.ctrlKey || event.metaKey) && ['z', 'y'].includes(event.key.toLowerCase());
    if (meant && event.target.matches?.(texts)) event.stopPropagation();
  });
})();
