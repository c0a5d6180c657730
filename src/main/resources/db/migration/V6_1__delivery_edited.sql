-- An edited delivery is sent as it is, to where the one it replaces was to go: no route runs on it.
alter table delivery add column endpoint text;
