-- Whether words of the laboratory stand in place of a value and say that the test was not done (OBX-5 TNP, QNS,
-- a partner's own): decided when the message is read, by the words of the partner's folder at that time.
alter table observation add column not_performed boolean not null default false;

-- Until now these were known when read.
update observation
set not_performed = true
where upper(btrim(value_text, E' \t\r\n')) in ('TNP', 'QNS', 'TEST NOT PERFORMED', 'NOT PERFORMED', 'QUANTITY NOT SUFFICIENT',
    'CANCELLED', 'CANCELED');
