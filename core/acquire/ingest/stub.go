package ingest

func readZip(c *collector, in *input) error             { return ErrFormat }
func readGeoPackageInput(c *collector, in *input) error { return ErrFormat }
func readBareShapefile(c *collector, in *input) error   { return ErrFormat }
