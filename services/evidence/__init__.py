"""Evidence: a claim's chain from device message to payment, as a signed file that is verified offline."""
