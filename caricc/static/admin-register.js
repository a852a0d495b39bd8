/* The editing pages: what the keyboard and the form may leave to the program. Without it everything still works. */
'use strict';
{
    const $ = window.django && window.django.jQuery;

    // An autocomplete opens when one types on it, and the cursor is in its field.
    document.addEventListener('keydown', (event) => {
        const box = event.target.closest && event.target.closest('.select2-selection');
        if (!box || event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || event.key === ' ') {
            return;
        }
        if (event.target.classList.contains('select2-search__field')) {
            return;
        }
        const select = box.closest('.select2-container').previousElementSibling;
        if (!select || !$) {
            return;
        }
        event.preventDefault();
        $(select).select2('open');
        const field = document.querySelector('.select2-container--open .select2-search__field');
        if (field) {
            field.value = event.key;
            field.focus();
            $(field).trigger('input');
        }
    }, true);

    // Return chooses from the answer to what is typed, never from the rows of before.
    let answered = null;
    if ($) {
        $(document).on('select2:open', () => {
            answered = null;
        }).on('ajaxSend', (event, request, settings) => {
            request.term = new URL(settings.url, location.href).searchParams.get('term');
        }).on('ajaxComplete', (event, request) => {
            if (request.term !== undefined) {
                answered = request.term || '';
            }
        });
    }
    document.addEventListener('keydown', (event) => {
        const field = event.target;
        if (event.key === 'Enter' && field.classList && field.classList.contains('select2-search__field') &&
                field.closest('.select2-container--open') && field.value.trim() !== (answered === null ? answered : answered.trim())) {
            event.preventDefault();
            event.stopImmediatePropagation();
        }
    }, true);

    // What select2 draws gets the name of the field, and no roles that it does not keep to.
    function name(select) {
        const label = select.labels && select.labels[0];
        const drawn = select.nextElementSibling;
        if (!label || !drawn || !drawn.classList.contains('select2-container')) {
            return;
        }
        const words = label.textContent.trim();
        const list = drawn.querySelector('ul.select2-selection__rendered');
        const shown = drawn.querySelector('span.select2-selection__rendered');
        if (list) {
            [list, ...list.children].forEach((element) => element.setAttribute('role', 'none'));
            drawn.querySelector('.select2-search__field').setAttribute('aria-label', words);
        } else if (shown) {
            shown.removeAttribute('role');
            shown.removeAttribute('aria-readonly');
        }
        const box = drawn.querySelector('.select2-selection');
        box.removeAttribute('aria-labelledby');
        box.setAttribute('aria-label', select.multiple || !select.value ? words : `${words}: ${text(select)}`);
    }

    function rowOf(element) {
        return element.closest('tr.form-row');
    }

    function part(row, field) {
        return row && row.querySelector(`[name$="-${field}"]`);
    }

    // Whoever is chosen brings along the organization and the title of the post held on that day.
    async function bringPost(select) {
        const row = rowOf(select), organization = part(row, 'organization'), title = part(row, 'title');
        if (!select.value || !organization || (organization.value && !organization.dataset.brought)) {
            return;
        }
        const day = document.getElementById('id_start_date');
        const address = new URL('/admin/events/event/post/', location.href);
        address.searchParams.set('person', select.value);
        address.searchParams.set('day', day ? day.value : '');
        const answer = await fetch(address, {credentials: 'same-origin'});
        if (!answer.ok) {
            return;
        }
        const post = await answer.json();
        if (!post.organization) {
            return;
        }
        organization.replaceChildren(new Option('', ''), new Option(post.organization.text, post.organization.id, true, true));
        organization.dataset.brought = '1';
        $(organization).trigger('change');
        if (title && (!title.value || title.dataset.brought)) {
            title.value = post.title;
            title.dataset.brought = '1';
        }
        offerBy();
    }

    // Whoever was typed above can be named as the one an outcome is by.
    function text(select) {
        const option = select && select.selectedOptions[0];
        return option && option.value ? option.textContent.trim() : '';
    }

    function present() {
        const found = new Map();
        document.querySelectorAll('#people-group tr.form-row:not(.empty-form), #delegations-group tr.form-row:not(.empty-form)').forEach((row) => {
            const organization = part(row, 'organization'), country = part(row, 'country'), group = part(row, 'group');
            const person = part(row, 'person'), words = part(row, 'name');
            const party = [organization && organization.value, country && country.value.trim(), group && group.value];
            if (party.some(Boolean)) {
                const shown = text(organization) || [text(group), country && country.value].filter(Boolean).join(', ');
                found.set('for:' + party.map((value) => value || '').join(':'), shown);
            }
            if (person && person.value) {
                found.set('person:' + person.value, text(person));
            } else if (words && words.value.trim()) {
                found.set('words:' + words.value.trim(), words.value.trim());
            }
        });
        return found;
    }

    function offerBy() {
        const selects = document.querySelectorAll('select[data-by]');
        if (!selects.length) {
            return;
        }
        const found = present();
        selects.forEach((select) => {
            const known = new Set([...select.options].map((option) => option.value));
            const shown = new Set([...select.options].map((option) => option.textContent));
            found.forEach((label, value) => {
                if (!known.has(value) && !shown.has(label)) {
                    select.add(new Option(label, value));
                }
            });
        });
    }

    function words(group) {
        const link = group.querySelector('tr.add-row a');
        if (link && group.dataset.addWords) {
            link.textContent = group.dataset.addWords;
        }
    }

    // A link of the summary of errors leads into its field, also where that is folded away or drawn by a script.
    function lead(event) {
        const link = event.target.closest('.error-links a');
        const field = link && document.getElementById(link.hash.slice(1));
        if (!field) {
            return;
        }
        for (let fold = field.closest('details'); fold; fold = fold.parentElement.closest('details')) {
            fold.open = true;
        }
        const box = field.nextElementSibling && field.nextElementSibling.querySelector('.select2-selection');
        const inside = field.matches('input, select, textarea') ? field : field.querySelector('input, select, textarea');
        setTimeout(() => (box || inside || field).focus(), 0);
    }

    function start() {
        document.addEventListener('click', lead);
        document.querySelectorAll('.inline-group').forEach(words);
        document.querySelectorAll('select.admin-autocomplete').forEach(name);
        offerBy();
        const errors = document.getElementById('errors');
        if (errors) {
            errors.focus();
        }
    }

    if ($) {
        $(() => {
            setTimeout(start, 0);
            $(document).on('select2:select', 'select.admin-autocomplete', (event) => {
                if (event.target.name.endsWith('-person') && event.target.closest('#people-group')) {
                    bringPost(event.target);
                }
            });
            $(document).on('change', 'select.admin-autocomplete', (event) => {
                setTimeout(() => name(event.target), 0);
            });
            $(document).on('select2:open', (event) => {
                const field = document.querySelector('.select2-container--open .select2-search__field');
                if (field) {
                    const label = event.target.labels && event.target.labels[0];
                    field.setAttribute('aria-label', label ? label.textContent.trim() : '');
                    field.focus();
                }
            });
            document.addEventListener('formset:added', (event) => {
                event.target.querySelectorAll('select.admin-autocomplete').forEach(name);
                const first = event.target.querySelector('.select2-selection, select:not(.admin-autocomplete), input:not([type=hidden]), textarea');
                if (first) {
                    first.focus();
                }
                offerBy();
            });
            document.addEventListener('change', (event) => {
                if (event.target.closest('#people-group, #delegations-group')) {
                    delete event.target.dataset.brought;
                    offerBy();
                }
            });
        });
    }
}
