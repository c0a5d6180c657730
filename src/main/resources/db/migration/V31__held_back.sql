-- Deliveries that an alert holds back (HeldBack): the page Alerts, and its number in the navigation.
create index delivery_held_back on delivery (entry_id, place)
    where state = 'waiting' and destination like '%~held';
