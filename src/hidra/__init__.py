"""hidra: Mexico's war on drugs as one system, and the evidence it stands on."""
