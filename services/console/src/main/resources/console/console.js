// Local times on hover, a tail that can be paused and says what it skipped, and a page that says when it is old.
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

  // What is shown is old where the console was not heard for so long: its banner is asked for each 5 s.
  const OLD = 15000;
  const stale = document.getElementById('stale');
  let heard = Date.now();
  let spoken = Date.now();
  let shown = 0;
  let asked = 0;
  let open = false;
  let lost = true;
  let asking = false;

  document.addEventListener('htmx:after:request', (event) => {
    const response = event.detail.ctx.response;
    if (response && response.raw.ok) {
      heard = Date.now();
    }
  });

  // A page in the background asks less often, and is given time when it comes back.
  document.addEventListener('visibilitychange', () => {
    shown = Date.now();
  });

  const isOld = (since) => Date.now() - Math.max(since, shown) > OLD;

  const old = () => {
    const utc = (time) => new Date(time).toISOString().substring(11, 19) + ' UTC';
    if (isOld(heard)) {
      return 'Nothing was heard from the console since ' + utc(heard)
        + ': what this page shows may be old. It asks again.';
    }
    return live && isOld(spoken) ? 'This page is not live since ' + utc(spoken) + '. It asks again.' : '';
  };

  const age = () => {
    const text = document.hidden ? '' : old();
    if (stale && stale.textContent !== text) {
      stale.textContent = text;
      stale.hidden = text === '';
      lost = lost || text !== '';
      show();
    }
    // The first connection is asked for once; one that was open comes back by itself.
    if (live && !open && !asking && !document.hidden && isOld(Math.max(spoken, asked))) {
      asked = Date.now();
      htmx.ajax('GET', live.getAttribute('hx-sse:connect'), {source: live, timeout: 10000});
    }
  };

  const show = () => {
    if (!tail) {
      return;
    }
    says.textContent = paused ? 'Paused.' : lost ? 'Not live.'
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
  if (live) {
    ['mouseover', 'mouseout', 'focusin', 'focusout', 'scroll'].forEach((name) =>
      document.addEventListener(name, () => setTimeout(look, 0), {passive: true}));
  }

  setInterval(age, 1000);
  if (!live) {
    return;
  }

  live.addEventListener('htmx:before:request', (event) => {
    asking = asking || event.target === live;
  });
  live.addEventListener('htmx:finally:request', (event) => {
    asking = asking && event.target !== live;
  });
  ['htmx:sse:before:connection', 'htmx:sse:error', 'htmx:sse:close'].forEach((name) =>
    live.addEventListener(name, () => {
      open = name === 'htmx:sse:before:connection' || open && name !== 'htmx:sse:close';
      lost = true;
      show();
    }));
  live.addEventListener('htmx:sse:after:connection', () => {
    open = true;
    lost = false;
    spoken = Date.now();
    show();
  });

  const rows = (data) => (data.match(/<tr /g) || []).length;

  live.addEventListener('htmx:sse:before:message', (event) => {
    const message = event.detail.message;
    spoken = Date.now();
    if (lost) {
      lost = false;
      show();
    }
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
