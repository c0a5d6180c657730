-- The page Pool: reports that name nobody as orderer, by time.
create index report_without_orderer on report (recorded_at) where ordering_provider is null;
