"""Who calls the call centre: whose number it is, the queue, who was missed, what is recorded."""
