/* While the names of a record are typed: what may be on record already. Without it the form says so when it is saved. */
'use strict';
{
    const WAIT = 400;
    const NAMES = /^(?:names-(\d+)-)?(family|given|patronymic|name|short_name)$/;
    const FACTS = ['country', 'kind', 'parent', 'seat_country', 'seat_city', 'succeeded_by'];

    function start() {
        const panel = document.getElementById('likes');
        const form = panel && panel.closest('form');
        if (!panel || !form) {
            return;
        }
        let timer = 0, asked = '', latest = 0;

        // Names row by row: the parts of a person's name belong together.
        function question() {
            const rows = new Map(), made = new URLSearchParams();
            for (const field of form.elements) {
                const found = NAMES.exec(field.name);
                if (found && field.type !== 'hidden' && !field.closest('.empty-form')) {
                    const row = found[1] || '';
                    rows.set(row, {...rows.get(row), [found[2]]: field.value.trim()});
                }
            }
            for (const row of rows.values()) {
                if ('family' in row) {
                    ['family', 'given', 'patronymic'].forEach((name) => made.append(name, row[name] || ''));
                } else {
                    Object.entries(row).filter(([, value]) => value).forEach(([name, value]) => made.append(name, value));
                }
            }
            const typed = [...made.values()].some((value) => value.length > 1);
            if (rows.size && [...rows.values()].some((row) => 'short_name' in row)) {
                for (const name of FACTS) {
                    const field = form.elements[name];
                    if (field && field.value) {
                        made.append(name, field.value);
                    }
                }
            }
            if (panel.dataset.but) {
                made.append('but', panel.dataset.but);
            }
            if (panel.dataset.new) {
                made.append('new', '1');
            }
            return typed ? made.toString() : '';
        }

        async function ask() {
            const now = question();
            if (now === asked) {
                return;
            }
            asked = now;
            const turn = latest += 1;
            let text = '';
            if (now) {
                try {
                    const answer = await fetch(`${panel.dataset.url}?${now}`, {credentials: 'same-origin'});
                    text = answer.ok && !answer.redirected ? (await answer.text()).trim() : '';
                } catch {
                    text = '';
                }
            }
            if (turn === latest && text !== panel.dataset.shown) {  // what is ticked stays while nothing new is said
                panel.dataset.shown = text;
                panel.innerHTML = text;
            }
        }

        function later(event) {
            if (NAMES.test(event.target.name) || FACTS.includes(event.target.name)) {
                clearTimeout(timer);
                timer = setTimeout(ask, WAIT);
            }
        }

        form.addEventListener('input', later);
        form.addEventListener('change', later);
        if (window.django && window.django.jQuery) {
            window.django.jQuery(form).on('change', 'select', later);  // what select2 chooses is told by jQuery alone
        }
    }

    start();
}
