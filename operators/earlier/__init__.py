"""What operators did in earlier versions, so that models registered then keep their answers and pins still hold."""
