-- A number is ordered once: CareStatements.medicationNumbered looks before anything is placed over FHIR.
create index medication_order_placer on medication_order (placer_number) where placer_number <> '';
