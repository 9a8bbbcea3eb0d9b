// Local times on hover, and a tail that can be paused and says what it skipped.
(() => {
  'use strict';
  const MOST_ROWS = 300;
  const tail = document.getElementById('tail');
  const live = tail || document.getElementById('live');
  const pause = document.getElementById('pause');
  const says = document.getElementById('tail-says');
  const skipped = document.getElementById('skipped');
  let paused = false;
  let held = false;
  let left = 0;

  document.addEventListener('mouseover', (event) => {
    const time = event.target.closest && event.target.closest('time');
    if (time && !time.title) {
      time.title = new Date(time.dateTime).toLocaleString(undefined, {
        dateStyle: 'medium', timeStyle: 'long'
      }) + ' local';
    }
  });

  if (!live) {
    return;
  }

  const show = () => {
    if (!tail) {
      return;
    }
    says.textContent = paused ? 'Paused.'
      : held ? 'Holds still while you read.' : 'New outcomes come in at the top.';
    skipped.hidden = left === 0;
    skipped.textContent = left + (left === 1 ? ' was' : ' were') + ' left out: show the newest';
  };

  // Nothing jumps while somebody reads: below the top, under the pointer, or with the focus in it.
  const reading = () => tail
    && (window.scrollY > tail.getBoundingClientRect().top + window.scrollY
      || tail.matches(':hover') || tail.contains(document.activeElement));

  const look = () => {
    const now = Boolean(reading());
    if (now !== held) {
      held = now;
      show();
    }
  };
  ['mouseover', 'mouseout', 'focusin', 'focusout', 'scroll'].forEach((name) =>
    document.addEventListener(name, () => setTimeout(look, 0), {passive: true}));

  const rows = (data) => (data.match(/<tr /g) || []).length;

  live.addEventListener('htmx:sse:before:message', (event) => {
    const message = event.detail.message;
    if (message.event) {
      return;
    }
    look();
    if (paused || held) {
      left += tail ? rows(message.data) : 0;
      event.detail.cancelled = true;
      show();
    }
  });

  live.addEventListener('left-out', (event) => {
    left += Number(event.detail.data) || 0;
    show();
  });

  live.addEventListener('htmx:sse:after:message', () => {
    if (!tail) {
      return;
    }
    const seen = new Set();
    for (const row of [...tail.rows]) {
      if (seen.has(row.dataset.cancel) || seen.size >= MOST_ROWS) {
        row.remove();
      } else {
        seen.add(row.dataset.cancel);
      }
    }
    const none = document.getElementById('none');
    if (none && seen.size > 0) {
      none.remove();
    }
  });

  pause.addEventListener('click', () => {
    paused = !paused;
    pause.setAttribute('aria-pressed', String(paused));
    pause.textContent = paused ? 'Go on' : 'Pause';
    show();
  });
})();
