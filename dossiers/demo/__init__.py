"""The demo: invented people and cases of real provinces' plans; no row that exists is changed."""
