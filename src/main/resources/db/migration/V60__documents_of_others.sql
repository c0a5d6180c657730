-- A number of a document (TXA-12) that stands for another patient is looked for before each document.
create index clinical_document_number on clinical_document (number, partner) where number <> '';

-- Doses are told apart by vaccine and day, and by their number where it is one (decision 66).
update immunization i
set item_key = k.dose || case when k.no_number then '' else ' # ' || i.number end
from (select id,
             split_part(number, '^', 1) ~* '^(9{4,}|0+|n/?a|none|unknown|unk)$' as no_number,
             case when code = '' then upper(regexp_replace(btrim(code_text), '\s+', ' ', 'g'))
                  else upper(code) || '^' || upper(code_system) end
                 || ' ' || substr(btrim(given_as_sent), 1, 8) as dose
      from immunization) k
where i.id = k.id and i.number <> '' and i.item_key = i.number
  and length(k.dose) + length(i.number) < 150
  and not exists (select
                  from immunization o
                  where o.record_id = i.record_id and o.partner = i.partner and o.visit_id = i.visit_id
                    and o.item_key = k.dose || case when k.no_number then '' else ' # ' || i.number end);
