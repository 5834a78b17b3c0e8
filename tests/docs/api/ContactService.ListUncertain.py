import grpc
from suasion.v1.contact_service_pb2 import ListUncertainRequest
from suasion.v1.contact_service_pb2_grpc import ContactServiceStub

channel = grpc.insecure_channel("127.0.0.1:50051")
answer = ContactServiceStub(channel).ListUncertain(ListUncertainRequest(page_size=10), timeout=1)
for contact in answer.contacts:
    print(contact.user_id, contact.channel, contact.occurrence)
print(len(answer.contacts))
