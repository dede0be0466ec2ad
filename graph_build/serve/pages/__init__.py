"""What pages show: records made from a build by a fixed number of queries each, and the templates that write them."""
